/** The memo `goLive` that a run leaves with the server each time it says something new: what is known of it when nobody answers for it. */
export interface Remembered {
  readonly phase?: string | undefined;
  readonly since?: string | undefined;
  readonly release?: string | undefined;
  readonly previousRelease?: string | undefined;
  /** `sha256:…`, once the plan is frozen. */
  readonly planHash?: string | undefined;
  readonly outcome?: string | undefined;
  /** The manifest of the backup made before the first deploy, of a run that has deployed something or takes it back. */
  readonly backup?: string | undefined;
  readonly decisionOwner?: string | undefined;
  /** The questions that were open. `openedAt`: ISO. */
  readonly holds?:
    | readonly {
        readonly id: string;
        readonly reason?: string | undefined;
        readonly choices?: readonly string[] | undefined;
        readonly openedAt?: string | undefined;
      }[]
    | undefined;
  /** The task queue of the host with the commands, once it was taken. */
  readonly host?: string | undefined;
  /** Those that alerts from outside can fire, once the plan is frozen. */
  readonly externalTriggers?: readonly string[] | undefined;
  readonly stop?:
    { readonly kind: string; readonly reason: string; readonly by: string; readonly at: string } | undefined;
}
