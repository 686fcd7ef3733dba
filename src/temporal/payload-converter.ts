// Runs in clients and workers and, bundled, inside the workflow sandbox: no Node module may be imported here.
import { DefaultPayloadConverter } from '@temporalio/common';
import type { ConverterHint, Payload, PayloadConverter } from '@temporalio/common';
import type { Unreadable } from './unreadable.js';

const LONGEST_SHOWN = 200;

/**
 * The SDK's default conversion, except that `fromPayload` never throws: a payload nobody can decode becomes an `Unreadable`
 * (design §4). A throw inside a workflow task fails that task again and again, and every later signal, an abort included, with it.
 */
class ForgivingPayloadConverter extends DefaultPayloadConverter {
  override fromPayload<T>(payload: Payload, ...rest: [context?: Parameters<PayloadConverter['fromPayload']>[1], hint?: ConverterHint<T>]): T {
    try {
      return super.fromPayload<T>(payload, ...rest);
    } catch (error) {
      const unreadable: Unreadable = { unreadable: true, encoding: encodingOf(payload), reason: shorten(error instanceof Error ? error.message : String(error)) };
      return unreadable as T; // whoever takes messages from outside validates them, so the lie ends at the next schema
    }
  }
}

function encodingOf(payload: Payload): string {
  const encoding = payload.metadata?.['encoding'];
  return encoding ? shorten(String.fromCharCode(...encoding.slice(0, LONGEST_SHOWN + 1))) : 'none';
}

function shorten(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** Found by this name when the file is given as `payloadConverterPath` (data converter, and bundler of the workflows). */
export const payloadConverter: PayloadConverter = new ForgivingPayloadConverter();
