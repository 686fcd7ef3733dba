import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { pino } from 'pino';
import type { Keys } from '../../src/receiver/authentication.js';
import { Receiver, type Patience } from '../../src/receiver/receiver.js';
import { ScriptedSink } from './scripted-sink.js';

export const TOKEN = 'a-token-of-the-tests-0123456789';
export const HMAC_KEY = 'a-key-of-the-tests-0123456789';
export const NOW = Date.parse('2026-03-01T02:10:00Z');

export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The real receiver on a free port, with a scripted sink and everything it logged. */
export class ReceiverLab {
  readonly logged: string[] = [];
  /** How many lines of it were waited for. */
  #read = 0;
  #onLine = () => {};
  readonly sink = new ScriptedSink();
  #receiver: Receiver | undefined;

  static async open(
    keys: Partial<Keys> = { token: TOKEN },
    patience?: Patience,
    now: () => number = () => NOW,
  ): Promise<ReceiverLab> {
    const lab = new ReceiverLab();
    const log = pino({ level: 'debug' }, { write: (line: string) => lab.#take(line) });
    const all = {
      signatureHeader: 'x-grafana-alerting-signature',
      timestampHeader: 'x-grafana-alerting-signature-timestamp',
      ...keys,
    };
    lab.#receiver = await Receiver.listen(
      { host: '127.0.0.1', port: 0 },
      { sink: lab.sink, keys: all, log, now },
      patience,
    );
    return lab;
  }

  get receiver(): Receiver {
    if (!this.#receiver) throw new Error('the lab is not open');
    return this.#receiver;
  }

  get port(): number {
    return Number(this.receiver.address.split(':')[1]);
  }

  async close(): Promise<void> {
    await this.receiver.close(100);
  }

  /** A webhook with the token of the lab, unless it is said otherwise. */
  post(webhook: unknown, { headers = {}, ...more }: Sent = {}): Promise<Answered> {
    const body = more.body ?? JSON.stringify(webhook);
    return this.send({
      method: 'POST',
      path: '/alerts/prod',
      body,
      ...more,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
    });
  }

  send({ method = 'GET', path = '/', headers = {}, body }: Sent): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        { host: '127.0.0.1', port: this.port, method, path, headers, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('error', reject).on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: (text ? JSON.parse(text) : {}) as Answered['body'],
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Writes this over a connection, again and again while `more` gives something, and returns what came back once the receiver has hung up. */
  raw(first: string, more?: () => string): Promise<string> {
    return new Promise((resolve) => {
      let text = '';
      let timer: NodeJS.Timeout | undefined;
      const socket = connect(this.port, '127.0.0.1', () => {
        socket.write(first);
        timer = more && setInterval(() => socket.writable && socket.write(more()), 5);
      });
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      socket.on('error', () => undefined); // a connection that is cut off is what some tests wait for
      socket.on('close', () => {
        clearInterval(timer);
        resolve(text);
      });
    });
  }

  /** Writes this over a connection and breaks it off. */
  breakOff(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(text, () => socket.destroy()));
      socket.on('error', reject).on('close', () => resolve());
    });
  }

  /** Resolves once a line of the log that comes after those waited for before has this in it. */
  untilLogged(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#onLine = () => {
        const found = this.logged.findIndex((line, index) => index >= this.#read && line.includes(text));
        if (found === -1) return;
        this.#read = found + 1;
        this.#onLine = () => {};
        resolve();
      };
      this.#onLine();
    });
  }

  #take(line: string): void {
    this.logged.push(line);
    this.#onLine();
  }
}
