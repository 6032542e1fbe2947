import type { HttpError } from '../http/client.ts';

interface Words {
  t: (key: string, named: Record<string, unknown>) => string;
  te: (key: string) => boolean;
}

/** Why something was not done, in the page's language: by the rule that forbids it, else in the server's own words. */
export function refusalText(
  { rule, status, detail }: { rule?: unknown; status: number; detail: string },
  { t, te }: Words,
): string {
  const own = `desk.rules.${status === 404 ? 'gone' : String(rule)}`;
  return te(own) ? t(own, {}) : t('desk.refused', { detail });
}

export const refusalOf = (problem: HttpError) => ({
  rule: problem.more['rule'],
  status: problem.status,
  detail: problem.message,
});
