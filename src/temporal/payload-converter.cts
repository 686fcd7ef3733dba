// Runs in clients and workers and, bundled, inside the workflow sandbox: no Node module may be imported here.
// A CommonJS file, because the SDK loads it with `require`, which not every supported Node and test runner allows for ES modules.
import common = require('@temporalio/common');
import type { Unreadable } from './unreadable.js' with { 'resolution-mode': 'import' };

type FromPayload = common.PayloadConverter['fromPayload'];

const LONGEST_SHOWN = 200;

/**
 * The SDK's default conversion, except that `fromPayload` never throws: a payload nobody can decode becomes an `Unreadable`
 * (design §4). A throw inside a workflow task fails that task again and again, and every later signal, an abort included, with it.
 */
class ForgivingPayloadConverter extends common.DefaultPayloadConverter {
  override fromPayload<T>(
    payload: common.Payload,
    context?: Parameters<FromPayload>[1],
    hint?: common.ConverterHint<T>,
  ): T {
    try {
      return super.fromPayload<T>(payload, context, hint);
    } catch (error) {
      const unreadable: Unreadable = {
        unreadable: true,
        encoding: encodingOf(payload),
        reason: shorten(error instanceof Error ? error.message : String(error)),
      };
      return unreadable as T; // whoever takes messages from outside validates them, so this claim ends at the next schema
    }
  }
}

function encodingOf(payload: common.Payload | null | undefined): string {
  const encoding = payload?.metadata?.['encoding'];
  return encoding ? shorten(String.fromCharCode(...encoding.slice(0, LONGEST_SHOWN + 1))) : 'none';
}

function shorten(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** Found by this name when the file is given as `payloadConverterPath` (data converter, and bundler of the workflows). */
const payloadConverter: common.PayloadConverter = new ForgivingPayloadConverter();

export = { payloadConverter };
