/** `pre_go_live_YYYYMMDD_HHMM`, UTC (playbook §1.3). */
export function backupName(at: Date): string {
  const digits = at.toISOString().replace(/\D/g, '');
  return `pre_go_live_${digits.slice(0, 8)}_${digits.slice(8, 12)}`;
}
