/** The five tests of tests/smoke/test_go_live_validation.py, in the order in which they are collected. */
export const SMOKE_TESTS = [
  'test_go_live_auth_login_and_me',
  'test_go_live_stock_full_table_contract_and_totals',
  'test_go_live_transfer_lifecycle_happy_path',
  'test_go_live_pos_checkout_and_reports_exports',
  'test_go_live_permission_boundary_sanity',
] as const;

export type SmokeTest = (typeof SMOKE_TESTS)[number];
