import type { Enterprise, Project } from '../../contract/events.ts';
import type { AlertBrief } from '../../contract/frame.ts';
import { usccFault } from '../../common/identity.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { quotedUtf8, utf8 } from '../../common/utf8.ts';
import { EXTRA_BRIEF_FIELDS, type Covers, type ExtraField } from './fields.ts';
import { hasTerm, isOverdue, type RegionRow } from './row.ts';

/** The fields that `BriefTexts` names by hand: all of a brief but those that need no code of their own. */
export type BriefTextFields = Covers<
  Exclude<keyof AlertBrief, ExtraField>,
  | 'region'
  | 'alertId'
  | 'tier'
  | 'town'
  | 'industry'
  | 'channel'
  | 'stage'
  | 'enterprise'
  | 'workers'
  | 'amountFen'
  | 'raisedAt'
  | 'overdue'
  | 'recoveredFen'
  | 'changedAt'
  | 'dueAt'
  | 'project'
  | 'verdict'
  | 'positionOutside'
  | 'location'
  | 'usccFault'
>;

/**
 * Briefs as text: the JSON of `toBrief`, byte by byte, in the form of `common/utf8.ts`. A replay sends 27,000 of them, three quarters of all its bytes;
 * by hand they cost three fifths of what objects and `JSON.stringify` do. Employers, projects and units that come up again are written once.
 */
export class BriefTexts {
  private readonly enterprises = new Map<Enterprise, { text: string; fault: string }>();
  private readonly projects = new Map<Project, string>();
  private readonly words = new Map<string, string>();

  /** @param now epoch ms */
  text(row: RegionRow, now: number): string {
    const { location } = row;
    const enterprise = this.enterprise(row.enterprise);
    let text =
      `{"region":${quotedUtf8(row.region)},"alertId":${quotedUtf8(row.alertId)},"tier":"${row.tier}","town":${quotedUtf8(row.town)},` +
      `"industry":"${row.industry}","channel":"${row.channel}","stage":"${row.stage}","enterprise":${enterprise.text},` +
      `"workers":${row.workers},"amountFen":${row.amountFen},"raisedAt":"${toRfc3339(row.raisedAt)}","overdue":${isOverdue(row, now)},` +
      `"recoveredFen":${row.recoveredFen},"changedAt":"${toRfc3339(row.changedAt)}"`;
    if (hasTerm(row)) text += `,"dueAt":"${toRfc3339(row.dueAt)}"`;
    if (row.project) text += this.project(row.project);
    if (row.verdict) text += `,"verdict":"${row.verdict}"`;
    if (row.positionOutside) text += ',"positionOutside":true';
    else if (location) text += `,"location":{"lng":${location.lng},"lat":${location.lat}}`;
    text += enterprise.fault;
    for (const name of EXTRA_BRIEF_FIELDS) {
      const value = row[name];
      if (value !== undefined) text += `,"${name}":${typeof value === 'string' ? this.word(value) : value}`;
    }
    return text + '}';
  }

  private enterprise(enterprise: Enterprise): { text: string; fault: string } {
    let known = this.enterprises.get(enterprise);
    if (!known) {
      const fault = enterprise.uscc === undefined ? undefined : usccFault(enterprise.uscc);
      known = {
        text: utf8(JSON.stringify(enterprise)),
        fault: fault ? `,"usccFault":${utf8(JSON.stringify(fault))}` : '',
      };
      this.enterprises.set(enterprise, known);
    }
    return known;
  }

  private project(project: Project): string {
    let known = this.projects.get(project);
    if (known === undefined) this.projects.set(project, (known = `,"project":${utf8(JSON.stringify(project))}`));
    return known;
  }

  private word(word: string): string {
    let known = this.words.get(word);
    if (known === undefined) this.words.set(word, (known = quotedUtf8(word)));
    return known;
  }
}
