/** What a rollback does next. Each of them ends with the proof. */
export type RollbackStep = 'revert' | 'restore' | 'prove';
