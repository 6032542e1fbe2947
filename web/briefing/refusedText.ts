import type { HttpError } from '../http/client.ts';

/** Why a briefing is not shown, in words of the page: what the server says is English, and for programs. Pure. */
export function refusedText({ status, parameter }: HttpError, t: (key: string) => string): string {
  if (status === 403) return t('briefing.notYou');
  if (status === 404) return t('briefing.unknown');
  if (status === 400) return t(parameter === 'deck' ? 'briefing.unknownDeck' : 'briefing.badAddress');
  return t('access.problems.unreachable');
}
