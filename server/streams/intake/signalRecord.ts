import type { SignalEventType } from '../../../contract/codes.ts';
import type { WageEvent } from '../../../contract/events.ts';
import type { ObservedData, RegisteredData } from '../../../contract/signals.ts';
import { thousandths } from '../../../common/decimal.ts';
import { normalEnterprise, normalName, normalUscc } from '../../../common/identity.ts';
import { parseDay } from '../../../common/regionTime.ts';
import { hasUsccForm, subjectKey } from '../../../common/subjectKey.ts';
import type { ObservationExtras, ObservationRecord, RegistrationRecord } from '../observations/entry.ts';
import { nearestCodes } from './nearest.ts';
import { toWgs84 } from './position.ts';

/** What is still wrong with an event that its schema lets pass: a sentence with its path. */
export type Refused = { problem: string };
type Checked<T> = T | Refused;

/** The codes that the stored versions of a region's rule pack know, each with its channel; undefined for a region without any version. */
export type IndicatorChannels = ReadonlyMap<string, { channel: string }>;

/**
 * A registration or an observation in the form in which the stream keeps it (signals §1). Pure.
 * @param event its schema, time, region and town have been checked
 * @param time of the event, epoch ms
 */
export function signalRecord(
  event: WageEvent<SignalEventType>,
  time: number,
  indicators: IndicatorChannels | undefined,
): Checked<RegistrationRecord | ObservationRecord> {
  if (!indicators)
    return {
      problem: `/data/region ${event.data.region} has no rule pack here, so that nothing can be watched: an admin imports one first`,
    };
  const { source, id } = event;
  return event.type === 'wage.subject.registered'
    ? registration({ time, source, id }, event.data)
    : observation({ time, source, id }, event.data, indicators);
}

interface Named {
  time: number;
  source: string;
  id: string;
}

function registration(named: Named, registered: RegisteredData): Checked<RegistrationRecord> {
  const { location, industry, ...data } = withoutRegion(registered);
  const { kind, enterprise, project } = data;
  if (kind === 'project' && !project) return { problem: '/data/project is missing: a project has an id and a name' };
  if (kind === 'enterprise' && project)
    return { problem: '/data/project is not a field of an enterprise: register the project by itself' };
  if (kind === 'enterprise' && !industry) return { problem: '/data/industry is missing' };
  const fault =
    usccProblem(enterprise) ??
    blank('/data/enterprise/name', enterprise.name) ??
    blank('/data/project/id', project?.id) ??
    blank('/data/project/name', project?.name) ??
    dayProblem('/data/startedOn', data.startedOn, COMPANY_DAYS) ??
    dayProblem('/data/endedOn', data.endedOn, COMPANY_ENDS);
  if (fault) return fault;
  return {
    type: 'registered',
    ...named,
    key: subjectKey(data)!,
    data: {
      ...data,
      enterprise: normalEnterprise(enterprise),
      industry: industry ?? 'E',
      ...(location ? { location: toWgs84(location) } : {}),
    },
  };
}

/** The stream is the region's. */
function withoutRegion({ ...data }: RegisteredData): Omit<RegisteredData, 'region'> {
  delete (data as Partial<RegisteredData>).region;
  return data;
}

function observation(named: Named, data: ObservedData, indicators: IndicatorChannels): Checked<ObservationRecord> {
  const { indicator, enterprise, project } = data;
  if (!indicators.has(indicator)) return { problem: unknownIndicator(indicator, indicators) };
  const fault =
    usccProblem(enterprise) ??
    blank('/data/project/id', project?.id) ??
    dayProblem('/data/until', data.until, FACT_ENDS);
  if (fault) return fault;
  const key = subjectKey(data);
  if (key === undefined)
    return { problem: '/data names nobody: it has an enterprise with uscc or name, a project with id, or both' };
  const more = extras(data);
  return {
    type: 'observed',
    ...named,
    key,
    indicator,
    ref: data.ref ?? '',
    value: thousandths(data.value ?? 1),
    amountFen: data.amountFen ?? 0,
    workers: data.workers ?? 0,
    ...(data.until === undefined ? {} : { until: parseDay(data.until)! }),
    ...(more ? { more } : {}),
  };
}

/** A name of white space alone is none: an alert could not say whom it is about. */
function extras({ enterprise, project, text, town, industry, location }: ObservedData) {
  const more: ObservationExtras = {};
  const uscc = enterprise?.uscc;
  const name = nameOrNone(enterprise?.name);
  if (uscc !== undefined || name !== undefined)
    more.enterprise = {
      ...(uscc === undefined ? {} : { uscc: normalUscc(uscc) }),
      ...(name === undefined ? {} : { name }),
    };
  const projectName = nameOrNone(project?.name);
  if (project) more.project = { id: project.id, ...(projectName === undefined ? {} : { name: projectName }) };
  if (text !== undefined) more.text = text;
  if (town !== undefined) more.town = town;
  if (industry !== undefined) more.industry = industry;
  if (location) more.location = toWgs84(location);
  return Object.keys(more).length ? more : undefined;
}

const nameOrNone = (name: string | undefined) => (name === undefined || normalName(name) === '' ? undefined : name);

function usccProblem(enterprise: { uscc?: string | undefined } | undefined): Refused | undefined {
  const uscc = enterprise?.uscc;
  if (uscc === undefined || hasUsccForm(uscc)) return undefined;
  return {
    problem: `/data/enterprise/uscc ${JSON.stringify(uscc.slice(0, 60))} is no credit code: 18 characters of 0-9A-HJ-NPQRTUWXY`,
  };
}

function blank(path: string, text: string | undefined): Refused | undefined {
  return text === undefined || normalName(text) !== '' ? undefined : { problem: `${path} is blank` };
}

/** Days that dates in `data` may be: companies are older than the century. */
const COMPANY_DAYS = { first: '1900-01-01', last: '2100-12-31' };
/** How registers write that something has no end. It is kept and given out as it came. */
const NO_END = '9999-12-31';
const COMPANY_ENDS = { ...COMPANY_DAYS, besides: NO_END };
const FACT_ENDS = { first: '2000-01-01', last: '2100-12-31', besides: NO_END };

interface DayBounds {
  first: string;
  last: string;
  /** Allowed, too. */
  besides?: string;
}

function dayProblem(path: string, text: string | undefined, { first, last, besides }: DayBounds): Refused | undefined {
  if (text === undefined) return undefined;
  if (parseDay(text) === undefined) return { problem: `${path} ${text} is no date of the calendar` };
  // Dates of this form order as texts.
  return (text >= first && text <= last) || text === besides
    ? undefined
    : { problem: `${path} ${text} is not between ${first} and ${last}` };
}

function unknownIndicator(indicator: string, known: IndicatorChannels): string {
  const told = JSON.stringify(indicator.slice(0, 60));
  const nearest = known.size ? `the nearest are ${nearestCodes(indicator, known).join(', ')}` : 'they know none';
  return `/data/indicator ${told} is unknown to every version of the region's rule pack; ${nearest}`;
}
