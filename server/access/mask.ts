import { cellToLatLng, latLngToCell } from 'h3-js';
import type { Industry } from '../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { AlertNotice } from '../../contract/protocol.ts';
import type { View } from './principal.ts';

/**
 * What a `display` is shown of an alert: no uscc, no project, the enterprise as "某建筑企业", the position rounded to
 * the centre of its H3 cell, the one its heat is counted in. Pure.
 */

/** Resolution of a frame's `heat` (contract §4), about 0.7 km² a cell. */
const RESOLUTION = 8;

/**
 * Sections of GB/T 4754 in short. In Chinese like every enterprise's name; not the first and last characters of the
 * real name: those of a shop that bears its owner's name would be the owner's whole name.
 */
const TRADES: Record<Industry, string> = {
  A: '农林牧渔', B: '采矿', C: '制造', D: '电热燃水', E: '建筑', F: '批发零售', G: '运输仓储', H: '住宿餐饮', I: '信息技术', J: '金融',
  K: '房地产', L: '租赁商务', M: '科研技术', N: '水利环境', O: '居民服务', P: '教育', Q: '卫生社工', R: '文体娱乐', S: '社会组织', T: '国际组织',
};

// Frames share their unchanged parts, and the diff between two skips what is the same object: so must masked ones.
const briefs = new WeakMap<AlertBrief, AlertBrief>();
const lists = new WeakMap<Frame['latest'], Frame['latest']>();

/** @param view `full` gives the brief itself */
export function maskBrief(brief: AlertBrief, view: View): AlertBrief {
  if (view === 'full') return brief;
  let masked = briefs.get(brief);
  if (!masked) {
    // What may be shown is named one by one, so that nothing added to a brief gets out by itself.
    const { alertId, tier, town, industry, channel, stage, workers, amountFen, raisedAt, dueAt, overdue, verdict, recoveredFen, location, changedAt } = brief;
    masked = { alertId, tier, town, industry, channel, stage, enterprise: { name: `某${TRADES[industry]}企业` }, workers, amountFen, raisedAt, overdue, recoveredFen, changedAt };
    if (dueAt !== undefined) masked.dueAt = dueAt;
    if (verdict !== undefined) masked.verdict = verdict;
    if (location) {
      const [lat, lng] = cellToLatLng(latLngToCell(location.lat, location.lng, RESOLUTION));
      masked.location = { lng, lat };
    }
    briefs.set(brief, masked);
  }
  return masked;
}

export function maskFrame(frame: Frame, view: View): Frame {
  if (view === 'full') return frame;
  let latest = lists.get(frame.latest);
  if (!latest) {
    latest = Object.fromEntries(Object.entries(frame.latest).map(([id, brief]) => [id, maskBrief(brief, view)]));
    lists.set(frame.latest, latest);
  }
  return { ...frame, latest };
}

export function maskNotice(notice: AlertNotice, view: View): AlertNotice {
  return view === 'full' ? notice : { ...notice, briefs: notice.briefs.map((brief) => maskBrief(brief, view)) };
}
