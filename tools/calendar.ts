import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { CalendarFault, Calendars, CalendarYear, KnownYear } from '../contract/calendar.ts';
import { checkCalendarText, faultText } from '../server/calendar/checkCalendar.ts';
import { runTool } from './openRegion.ts';

const USAGE = `npm run calendar -- check FILE             checks the calendar of a year; needs no server
npm run calendar -- import FILE --why TEXT  imports it: it counts at once, for all regions
npm run calendar -- list                   the years that are there, their notices, and those that are provisional

import and list ask the running server, as anybody does:
  --url URL        where it is; http://127.0.0.1:8080 (or PORT) where it is not given
  WAGEWATCH_TOKEN  the token of an admin (to list: of an officer), once anybody has been let in
`;

/** What was asked wrongly, or refused: one sentence a line. */
class CalendarError extends Error {}

function readCalendar(file: string): CalendarYear {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CalendarError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const checked = checkCalendarText(text);
  if (!checked.ok)
    throw new CalendarError([`${file} is not as it should be:`, ...checked.faults.map(faultText)].join('\n'));
  return checked.calendar;
}

async function call<T>(url: string, body?: object): Promise<T> {
  const token = process.env.WAGEWATCH_TOKEN;
  const answer = await fetch(new URL('/api/v1/calendars', url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new CalendarError(
      `${url} does not answer (${(error as Error).message}): is the server running? --url names another`,
    );
  });
  const told = (await answer.json()) as { title?: string; detail?: string; faults?: CalendarFault[] };
  if (answer.ok) return told as T;
  throw new CalendarError(
    [`${told.title ?? answer.status}: ${told.detail ?? ''}`, ...(told.faults ?? []).map(faultText)].join('\n'),
  );
}

function yearText({ year, origin, workdays, calendar, change }: KnownYear): string {
  const notices = calendar.notices.map(({ number }) => number).join('、');
  const by = change ? `  ${change.by}, ${change.at}: ${change.why}` : '';
  return `${year}  ${workdays} working days  ${origin}  ${notices}${by}`;
}

export async function main(argv: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { url: { type: 'string' }, why: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [verb, file] = positionals;
  const url = values.url ?? `http://127.0.0.1:${process.env.PORT ?? '8080'}`;
  if (values.help || verb === undefined) return USAGE;
  switch (verb) {
    case 'check':
    case 'import': {
      if (file === undefined) throw new CalendarError(`Say which file: npm run calendar -- ${verb} FILE`);
      const calendar = readCalendar(file);
      if (verb === 'check')
        return `${file}: without fault, ${calendar.year}, ${calendar.notices.map(({ number }) => number).join('、')}\n`;
      const why = values.why?.trim();
      if (!why) throw new CalendarError('Say why: --why "…" is kept for ever');
      const { year, workdays } = await call<KnownYear>(url, { calendar, why });
      return `${year} counts from now on, with ${workdays} working days\n`;
    }
    case 'list': {
      const { years, provisional } = await call<Calendars>(url);
      const open = provisional.map(
        ({ year, missing }) =>
          `${year}  provisional, reckoned Monday to Friday${missing ? ': it should be there by now' : ''}`,
      );
      return `${[...open, ...years.map(yearText)].join('\n')}\n`;
    }
    default:
      throw new CalendarError(`There is no ${verb}.\n${USAGE}`);
  }
}

if (process.argv[1]?.endsWith('calendar.js'))
  await runTool(async () => void process.stdout.write(await main(process.argv.slice(2))));
