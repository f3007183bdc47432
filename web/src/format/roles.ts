// Roles, as people say them.

import type { Role } from '../session.svelte';
import { shell } from '../i18n/shell';

/** The name of a role, in the language that is chosen. */
export function roleName(role: Role): string {
  return { admin: shell.admin, operator: shell.operator, cashier: shell.cashier, viewer: shell.viewer }[role];
}
