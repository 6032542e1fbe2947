/** What the server says of a try in vain, as the key of a text and what it needs; undefined where there is none. */
export function problemWords(problem: string): { key: string; with: Record<string, string> } | undefined {
  const status = /^it answered (\d{3})/.exec(problem)?.[1];
  if (status === '410') return { key: 'gone', with: {} };
  if (status !== undefined) return { key: status.startsWith('3') ? 'redirect' : 'answered', with: { status } };
  if (problem === 'ECONNREFUSED') return { key: 'refused', with: {} };
  if (problem === 'ENOTFOUND' || problem === 'EAI_AGAIN') return { key: 'unknownHost', with: {} };
  if (/^no answer within /.test(problem)) return { key: 'slow', with: {} };
  if (/^its secret is not here/.test(problem)) return { key: 'noSecret', with: {} };
  if (/^its key is not here/.test(problem)) return { key: 'noKey', with: {} };
  if (/^its address /.test(problem)) return { key: 'host', with: {} };
  if (/ has not been acknowledged$/.test(problem)) return { key: 'unacknowledged', with: {} };
  return undefined;
}
