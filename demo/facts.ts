import type { Channel } from '../contract/codes.ts';
import type { WageEvent } from '../contract/events.ts';
import { toRfc3339 } from '../common/regionTime.ts';

/** What a source tells of an employer or a site. */
export interface Fact {
  indicator: string;
  channel: Channel;
  /** In the indicator's unit; left out for what is only counted. */
  value?: number;
  workers?: number;
  amountFen?: number;
  ref?: string;
}

/** Whom a fact is about: a site where there is one, else the employer. */
export interface Whom {
  uscc: string;
  projectId?: string | undefined;
  /** Of a site: the bank that keeps its wage account. */
  bank?: number | undefined;
}

/** CloudEvents `source` of the history of a region, with which those of all that the demonstration sends begin. */
export function demoSource(region: string): string {
  return `urn:demo:${region}`;
}

/** @param id unique among the facts of its channel @param time epoch ms */
export function observed(
  region: string,
  { uscc, projectId, bank }: Whom,
  { channel, ...fact }: Fact,
  id: string,
  time: number,
): WageEvent<'wage.signal.observed'> {
  return {
    specversion: '1.0',
    id,
    source: `${demoSource(region)}:${sourceOf(channel, bank)}`,
    type: 'wage.signal.observed',
    time: toRfc3339(time),
    data: { region, ...fact, ...(projectId === undefined ? { enterprise: { uscc } } : { project: { id: projectId } }) },
  };
}

/** Each bank is a source of its own; of the other channels there is one. */
function sourceOf(channel: Channel, bank: number | undefined): string {
  return channel === 'wage-account' && bank !== undefined ? bankSource(bank) : channel;
}

/** How the source of a bank ends. @param bank 1 … `banks` */
export function bankSource(bank: number): string {
  return `bank-${String(bank).padStart(2, '0')}`;
}
