/** What is shown instead of how a go-live stands: everything that has happened, or what a command has printed, without so many of the latest entries or lines; or which keys there are. */
export type Page =
  | { readonly kind: 'timeline'; readonly from: number }
  | { readonly kind: 'keys' }
  | { readonly kind: 'output'; readonly from: number; readonly title: string; readonly lines: readonly string[] };
