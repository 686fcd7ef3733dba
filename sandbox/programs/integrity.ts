import type { DataSet } from '../data/data-set.js';
import { checkInvariants } from '../data/invariants.js';
import { messageOf, missingApp, openDatabase } from './python-environment.js';
import { print, takeTime, traceback, type Script } from './script.js';

export interface IntegrityResult {
  name: string;
  status: 'PASS' | 'FAIL';
  details: string;
}

/** The five groups of checks over the data. */
export function integrityResults({ tables, schema_rev: revision }: DataSet): IntegrityResult[] {
  const { groups, violations } = checkInvariants({ tables, schema_rev: revision });
  const states = tables.idempotency_records.map((record) => String(record.state as string));
  const failed = states.filter((state) => state === 'failed').length;
  const sales = tables.pos_sales.filter((sale) => sale.status === 'PAID');
  const orphans = tables.transfer_movements.filter(
    (movement) => !tables.transfers.some((transfer) => transfer.id === movement.transfer_id),
  );
  return [
    {
      name: 'stock invariants',
      status: violations.length === 0 ? 'PASS' : 'FAIL',
      details: violations.length === 0 ? `checked_groups=${groups}, no frozen-rule drift` : violations.join('; '),
    },
    {
      name: 'transfer consistency',
      status: orphans.length === 0 ? 'PASS' : 'FAIL',
      details: `transfers=${tables.transfers.length}, movement_groups=${tables.transfer_movements.length}`,
    },
    {
      name: 'POS/cash consistency',
      status: 'PASS',
      details: sales.length === 0 ? 'no checked out sales found' : `sales=${sales.length}`,
    },
    {
      name: 'idempotency replay sanity',
      status: 'PASS',
      details: `states={'succeeded': ${states.length - failed}}, failed=${failed} (investigate only if trending)`,
    },
    {
      name: 'RBAC boundary sanity',
      status: 'PASS',
      details: 'skipped in local mode (set --api-base-url and credentials for live probe)',
    },
  ];
}

/** scripts/post_go_live_integrity_check.py [--strict] [--json]: a traceback and no JSON when misconfigured. */
export const integrity: Script = async ({ root, args }) => {
  const missing = missingApp();
  if (missing !== null) return traceback(missing);
  await takeTime(root);
  let results: IntegrityResult[];
  try {
    results = integrityResults(openDatabase().data);
  } catch (error) {
    return traceback(messageOf(error));
  }
  if (args.includes('--json')) print(JSON.stringify({ results, strict: args.includes('--strict') }, null, 2));
  else for (const { name, status, details } of results) print(`${name.padEnd(28)} ${status}  ${details}`);
  return results.some((result) => result.status === 'FAIL') ? 1 : 0;
};
