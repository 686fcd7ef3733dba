import { expect, test } from '@jest/globals';
import { backupName } from '../../../src/domain/backup/backup-name.js';

test('a backup is named as the playbook says, in UTC', () => {
  expect(backupName(new Date('2026-11-23T08:40:59.999Z'))).toBe('pre_go_live_20261123_0840');
});
