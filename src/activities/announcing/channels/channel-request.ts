/** A POST of JSON. Its address and headers are secrets. */
export interface ChannelRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
}
