import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Calendars, CalendarYear, KnownYear } from '../contract/calendar.ts';
import { checkCalendarText, faultText } from '../server/calendar/checkCalendar.ts';
import { runTool } from './openRegion.ts';
import { callServer, ToolError } from './serverCall.ts';

const USAGE = `npm run calendar -- check FILE             checks the calendar of a year; needs no server
npm run calendar -- import FILE --why TEXT  imports it: it counts at once, for all regions
npm run calendar -- list                   the years that are there, their notices, and those that are provisional

import and list ask the running server, as anybody does:
  --url URL        where it is; http://127.0.0.1:8080 (or PORT) where it is not given
  WAGEWATCH_TOKEN  the token of an admin (to list: of an officer), once anybody has been let in
`;

function readCalendar(file: string): CalendarYear {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ToolError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const checked = checkCalendarText(text);
  if (!checked.ok)
    throw new ToolError([`${file} is not as it should be:`, ...checked.faults.map(faultText)].join('\n'));
  return checked.calendar;
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
  const call = <T>(body?: object) =>
    callServer<T>({ url: values.url, path: '/api/v1/calendars', body, whole: 'the calendar' });
  if (values.help || verb === undefined) return USAGE;
  switch (verb) {
    case 'check':
    case 'import': {
      if (file === undefined) throw new ToolError(`Say which file: npm run calendar -- ${verb} FILE`);
      const calendar = readCalendar(file);
      if (verb === 'check')
        return `${file}: without fault, ${calendar.year}, ${calendar.notices.map(({ number }) => number).join('、')}\n`;
      const why = values.why?.trim();
      if (!why) throw new ToolError('Say why: --why "…" is kept for ever');
      const { year, workdays } = await call<KnownYear>({ calendar, why });
      return `${year} counts from now on, with ${workdays} working days\n`;
    }
    case 'list': {
      const { years, provisional } = await call<Calendars>();
      const open = provisional.map(
        ({ year, missing }) =>
          `${year}  provisional, reckoned Monday to Friday${missing ? ': it should be there by now' : ''}`,
      );
      return `${[...open, ...years.map(yearText)].join('\n')}\n`;
    }
    default:
      throw new ToolError(`There is no ${verb}.\n${USAGE}`);
  }
}

if (process.argv[1]?.endsWith('calendar.js'))
  await runTool(async () => void process.stdout.write(await main(process.argv.slice(2))));
