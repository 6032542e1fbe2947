import { DAY_MS, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { coveredOf, isOfDays, periodOf, type ReportSpan } from '../../common/report/spans.ts';
import { MIN_TIME_MS } from '../../contract/events.ts';
import { MAX_REPORT_DAYS, type ReportAbout } from '../../contract/reportLimits.ts';
import type { ReportRequest } from '../../contract/reports.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { RegionView } from '../region/region.ts';
import { hoursKeptFrom, isFullHour } from './freeze.ts';

/**
 * What a report that somebody asks for covers.
 * @throws HttpProblem 400 for parameters that do not go together, and moments in the future; 422 for a span that no report can have
 */
export function spanOf(request: ReportRequest, view: RegionView, now: number): ReportSpan {
  const span = request.kind === 'special' ? specialOf(request, now) : periodOfRequest(request, now);
  assertKnown(span, view, now, request.about);
  return span;
}

function periodOfRequest({ kind, at, from, to }: ReportRequest, now: number): ReportSpan {
  if (kind === 'special') throw new Error('a span has no period');
  for (const [name, given] of Object.entries({ from, to }))
    if (given !== undefined)
      throw new HttpProblem(
        400,
        'Parameters exclude each other',
        `${name} is for kind special alone: name a moment of the period as at`,
        name,
      );
  const moment = at === undefined ? now : momentOf(at, 'at', now);
  const period = periodOf(kind, moment);
  const covered = coveredOf(kind, period, now);
  if (!covered)
    throw new HttpProblem(
      422,
      'Too early',
      `of the period that began at ${toRfc3339(period.from)} no full hour has elapsed yet`,
      'at',
    );
  return covered;
}

function specialOf({ at, from: fromText, to: toText }: ReportRequest, now: number): ReportSpan {
  if (at !== undefined)
    throw new HttpProblem(400, 'Parameters exclude each other', 'at is not for kind special: give from and to', 'at');
  if (fromText === undefined || toText === undefined) {
    const missing = fromText === undefined ? 'from' : 'to';
    throw new HttpProblem(400, 'Parameter is missing', `kind special needs ${missing}`, missing);
  }
  const from = momentOf(fromText, 'from', now);
  const to = momentOf(toText, 'to', now);
  if (from >= to) throw new HttpProblem(400, 'Span is empty', `from ${fromText} must be before to ${toText}`, 'from');
  for (const [name, moment] of Object.entries({ from, to }))
    if (!isFullHour(moment))
      throw new HttpProblem(
        422,
        'Not a full hour',
        `${name} is ${toRfc3339(moment)}: a report begins and ends at full hours`,
        name,
      );
  const days = (to - from) / DAY_MS;
  if (days > MAX_REPORT_DAYS)
    throw new HttpProblem(
      422,
      'Span is too long',
      `there are ${Math.ceil(days)} days from ${fromText} to ${toText}, and a report has ${MAX_REPORT_DAYS} at most`,
      'from',
    );
  return { from, to, whole: true };
}

/** @throws HttpProblem 400 */
function momentOf(text: string, parameter: string, now: number): number {
  const moment = parseRfc3339(text);
  if (moment === undefined)
    throw new HttpProblem(400, 'Parameter is not valid', `${parameter} is no moment: ${text}`, parameter);
  if (moment > now)
    throw new HttpProblem(400, 'Moment is in the future', `${parameter} ${text} has not come yet`, parameter);
  if (moment < MIN_TIME_MS)
    throw new HttpProblem(400, 'Moment is too early', `${parameter} ${text} is before the year 2000`, parameter);
  return moment;
}

/** @throws HttpProblem 422 for a span of which nothing is known, or not by the hour any more */
export function assertKnown(span: ReportSpan, view: RegionView, now: number, about: ReportAbout = 'situation'): void {
  const beginning = view.cube.beginning();
  if (beginning === undefined || span.to <= beginning)
    throw new HttpProblem(
      422,
      'Before the beginning',
      beginning === undefined
        ? 'nothing is known here yet: there is nothing to report'
        : `nothing is known before ${toRfc3339(beginning)}, and the span ends at ${toRfc3339(span.to)}`,
      'from',
    );
  // What units did and what was supervised is read from the events themselves, to the second.
  if (about !== 'situation') return;
  const kept = hoursKeptFrom(view, now);
  if (!isOfDays(span) && span.from < kept)
    throw new HttpProblem(
      422,
      'Hours are no longer kept',
      `figures by the hour are kept since ${toRfc3339(kept)}: let the span begin and end at midnight`,
      'from',
    );
}
