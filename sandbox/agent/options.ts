/** How a sandbox is set up. Times in ms, ports on the loopback address (0 = a free one). */
export interface AgentOptions {
  dir: string;
  /** At least 8. */
  instances: number;
  /** The release that the fleet begins with. */
  release: string;
  port: number;
  canaryPort: number;
  /** Requests per second of the background traffic; 0 = none. */
  traffic: number;
  /** How long an instance is slow after a restart. */
  warmUpMs: number;
  scriptMs: number;
  deployPaceMs: number;
  /** How long a replaced instance has to answer /health with 200. */
  healthWaitMs: number;
  tokenTtlSeconds: number;
}

export const DEFAULT_OPTIONS: Omit<AgentOptions, 'dir'> = {
  instances: 10,
  release: 'RC.2',
  port: 0,
  canaryPort: 0,
  traffic: 20,
  warmUpMs: 0,
  scriptMs: 200,
  deployPaceMs: 100,
  healthWaitMs: 3_000,
  tokenTtlSeconds: 3_600,
};
