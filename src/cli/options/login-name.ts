import { userInfo } from 'node:os';

/** Who is at the terminal, as the system knows it. */
export function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a user ID without a name, as in some containers: that is no reason to stop there
  }
}
