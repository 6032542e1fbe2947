import { CHANNELS, INDUSTRIES, type Channel, type Industry, type Tier } from '../../contract/codes.ts';
import { MAX_STRING } from '../../contract/textLimits.ts';
import { isUscc, normalUscc } from '../../common/identity.ts';
import { fenOf, wholeOf } from '../shell/yuan.ts';

/** An alert that is raised by hand (人工触发): what is typed, and what it comes to. The server checks again. Pure. */

export interface RaiseDraft {
  employer: string;
  uscc: string;
  town: string;
  industry: string;
  tier: string;
  channel: string;
  workers: string;
  amount: string;
  days: string;
  text: string;
  /** Another one, although one of the same employer is open. */
  duplicate: boolean;
}
export const EMPTY_RAISE: RaiseDraft = {
  employer: '',
  uscc: '',
  town: '',
  industry: '',
  tier: '',
  channel: '',
  workers: '',
  amount: '',
  days: '',
  text: '',
  duplicate: false,
};
export type RaiseField = Exclude<keyof RaiseDraft, 'duplicate'>;
/** A key of the texts below `desk.faults`. */
export type RaiseFault = 'needed' | 'notWhole' | 'notYuan' | 'notUscc';

/** Where people come from who tell of it: these first, then what sources report. */
export const RAISE_CHANNELS: readonly Channel[] = [
  ...(['grid', 'hotline', 'petition', 'arbitration', 'opinion'] as const),
  ...CHANNELS,
].filter((channel, i, all) => all.indexOf(channel) === i);

const NEEDED = ['employer', 'town', 'industry', 'tier', 'channel', 'workers', 'amount'] as const;

/** What is wrong with it, by field; empty where it can be sent. */
export function raiseFaults(draft: RaiseDraft): Partial<Record<RaiseField, RaiseFault>> {
  const faults: Partial<Record<RaiseField, RaiseFault>> = {};
  for (const name of NEEDED) if (draft[name].trim() === '') faults[name] = 'needed';
  for (const name of ['workers', 'days'] as const)
    if (draft[name].trim() !== '' && wholeOf(draft[name]) === undefined) faults[name] = 'notWhole';
  if (draft.amount.trim() !== '' && fenOf(draft.amount) === undefined) faults.amount = 'notYuan';
  if (draft.uscc.trim() !== '' && !isUscc(normalUscc(draft.uscc))) faults.uscc = 'notUscc';
  return faults;
}

/** The facts of `raise` for a draft without faults (contract §1). */
export function raiseOf({
  employer,
  uscc,
  town,
  industry,
  tier,
  channel,
  workers,
  amount,
  days,
  text,
  duplicate,
}: RaiseDraft) {
  const [arrearsDays, told] = [wholeOf(days), text.trim().slice(0, MAX_STRING)];
  const code = normalUscc(uscc);
  return {
    town,
    tier: tier as Tier,
    industry: INDUSTRIES.find((one): one is Industry => one === industry)!,
    channel: channel as Channel,
    enterprise: { name: employer.trim(), ...(code === '' ? {} : { uscc: code }) },
    workers: wholeOf(workers)!,
    amountFen: fenOf(amount)!,
    ...(arrearsDays === undefined ? {} : { arrearsDays }),
    ...(told === '' ? {} : { reasons: [{ channel: channel as Channel, text: told }] }),
    ...(duplicate ? { duplicate } : {}),
  };
}
export type Raised = ReturnType<typeof raiseOf>;
