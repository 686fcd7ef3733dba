import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { SmallService } from './small-service.js';

/** One POST as it arrived. */
export interface Taken {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly json: Record<string, unknown>;
}

/** A real HTTP server in the place of Slack, PagerDuty or a webhook. */
export class ChannelService {
  readonly posts: Taken[] = [];
  /** What it does with the post of this number, from 0 on; by default it takes it. */
  answer: (response: ServerResponse, number: number, post: Taken) => void = (response) => response.end('ok');

  private constructor(private readonly service: SmallService) {}

  static async open(): Promise<ChannelService> {
    const channel = new ChannelService(await SmallService.open());
    channel.service.answer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const post = {
          url: request.url ?? '',
          headers: request.headers,
          json: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
        };
        channel.posts.push(post);
        channel.answer(response, channel.posts.length - 1, post);
      });
    };
    return channel;
  }

  get url(): string {
    return this.service.url;
  }

  close(): Promise<void> {
    return this.service.close();
  }
}
