import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What <dir>/sandbox.json says while the sandbox runs. */
export const sandboxInfoSchema = z.object({
  pid: z.number().int(),
  dir: z.string(),
  url: z.string(),
  canaryUrl: z.string(),
  adminUrl: z.string(),
  discoveryUrl: z.string(),
  checkout: z.string(),
  previousCheckout: z.string(),
  bin: z.string(),
  artifacts: z.string(),
  databaseUrl: z.string(),
  journal: z.string(),
  log: z.string(),
  username: z.string(),
  password: z.string(),
});
export type SandboxInfo = z.infer<typeof sandboxInfoSchema>;

/** Reads <dir>/sandbox.json. Throws a sentence when no sandbox runs there. */
export function readSandboxInfo(dir: string): SandboxInfo {
  const path = join(dir, 'sandbox.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(
      `Expected a running sandbox, but there is no ${path}. Start one with: node dist/sandbox/up.js --dir ${dir}`,
    );
  }
  return sandboxInfoSchema.parse(JSON.parse(text));
}

/** Writes <dir>/sandbox.json as a whole, readable by its owner only. */
export function writeSandboxInfo(path: string, info: SandboxInfo): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The environment variables that golive.yaml uses for the sandbox. */
export function sandboxEnvironment(info: SandboxInfo): Record<string, string> {
  return {
    GOLIVE_SANDBOX_URL: info.url,
    GOLIVE_SANDBOX_CANARY_URL: info.canaryUrl,
    GOLIVE_SANDBOX_ADMIN_URL: info.adminUrl,
    GOLIVE_SANDBOX_DISCOVERY_URL: info.discoveryUrl,
    GOLIVE_SANDBOX_CHECKOUT: info.checkout,
    GOLIVE_SANDBOX_PREVIOUS_CHECKOUT: info.previousCheckout,
    GOLIVE_SANDBOX_BIN: info.bin,
    GOLIVE_SANDBOX_ARTIFACTS: info.artifacts,
    GOLIVE_SANDBOX_DATABASE_URL: info.databaseUrl,
    ARIS3_USERNAME: info.username,
    ARIS3_PASSWORD: info.password,
  };
}
