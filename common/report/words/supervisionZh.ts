import { CODE_NAMES } from '../../codeNames.ts';
import { joined, text } from '../../sentence/parts.ts';
import { countText } from '../numbers.ts';
import { fig, say } from '../say.ts';
import type { SupervisionWords } from './supervisionWords.ts';
import { changes, frozenNote, momentText, NOW, spanNote, thens } from './zhPhrases.ts';

const names = CODE_NAMES['zh-CN'];

export const SUPERVISION_ZH: SupervisionWords = {
  title: (scopeName) => `关于${scopeName}欠薪预警督办情况的通报`,
  addressee: '各镇街、各承办单位：',
  sender: (scopeName) => `${scopeName}根治欠薪工作领导小组办公室`,
  headings: { issued: '督办情况', answers: '回复与办理情况', letters: '督办事项' },
  rows: {
    issued: '发出督办（件）',
    alerts: '涉及预警（起）',
    units: '涉及承办单位（个）',
    workers: '涉及劳动者（人）',
    amount: '涉及金额（万元）',
    answered: '已回复（件）',
    answeredLate: '其中超期回复（件）',
    overdue: '超期未回复（件）',
    open: '未到期未回复（件）',
    ended: '无需回复（件）',
    closed: '所涉预警已办结（起）',
  },
  columns: {
    number: '文号',
    unit: '承办单位',
    employer: '用人单位',
    why: '督办事由',
    at: '发出日期',
    answerBy: '要求回复',
    answered: '回复情况',
    result: '办理现状',
    issued: '督办',
    answeredAll: '已回复',
    late: '其中超期',
    overdue: '超期未回复',
    open: '未到期',
    ended: '无需回复',
  },
  tables: {
    issued: '督办数量',
    levels: '督办形式与涉及',
    answers: '回复与办理',
    units: '按承办单位',
    letters: '督办事项一览（超期在前）',
  },
  officers: '经办科室',
  why: (stage, late) => `${names.stages[stage]}${late ? '超期' : ''}`,
  unanswered: { overdue: '超期未回复', open: '未到期', ended: '无需回复' },
  answeredLate: '（超期）',
  chart: '各承办单位督办（件）',
  say: {
    issued(place, kind, whole, issued, levels) {
      if (issued.now === 0) return say`${NOW[kind]}${place}未发出督办${thens(issued, kind, whole, '件', countText)}`;
      const [only] = levels;
      const forms =
        levels.length === 1
          ? say`（${issued.now === 1 ? '' : '均为'}${names.levels[only![0]]}）`
          : say`（其中${joined(
              levels.map(([level, count]) => say`${names.levels[level]}${fig(countText(count))}件`),
              '、',
            )}）`;
      return say`${NOW[kind]}${place}发出督办${fig(countText(issued.now))}件${forms}${changes(issued, kind, whole, '件')}`;
    },
    concerned: (alerts, units, workers, amount) =>
      say`涉及预警${fig(countText(alerts))}起、承办单位${fig(countText(units))}个、劳动者${fig(countText(workers))}人、金额${fig(amount)}万元`,
    answers(at, { issued, answered, answeredLate, overdue, open, ended }) {
      const late = answeredLate === 0 ? [] : say`（其中超期回复${fig(countText(answeredLate))}件）`;
      const parts = [
        ...(answered === 0 ? [] : [say`已回复${fig(countText(answered))}件${late}`]),
        ...(overdue === 0 ? [] : [say`超期未回复${fig(countText(overdue), 'overdue')}件`]),
        ...(open === 0 ? [] : [say`未到期未回复${fig(countText(open))}件`]),
        ...(ended === 0 ? [] : [say`无需回复${fig(countText(ended))}件`]),
      ];
      const all = answered === issued && issued > 1 && answeredLate === 0;
      return say`截至${momentText(at)}，${all ? [text('均已回复，无超期回复')] : joined(parts, '，')}`;
    },
    late: (units) =>
      say`超期未回复的是${joined(
        units.map(([name, count]) => say`${name}（${fig(countText(count))}件）`),
        '、',
      )}`,
    demand: () => [text('请超期未回复的单位抓紧办理，并书面报告办理情况和超期原因')],
    closed: (alerts, closed) =>
      closed === 0
        ? [text(alerts === 1 ? '所涉预警尚未办结' : '所涉预警均未办结')]
        : closed === alerts
          ? [text(alerts === 1 ? '所涉预警已办结' : '所涉预警均已办结')]
          : say`所涉预警已办结${fig(countText(closed))}起`,
    letters: (listed) =>
      listed === 0 ? [text('本期无督办事项')] : say`列出督办事项${fig(countText(listed))}件，超期在前`,
  },
  notes: (situation) => [
    spanNote(situation),
    frozenNote(situation),
    '督办以发出时间计入时段；回复与办理现状为冻结数据时的情况。预警办结后未回复的，计为无需回复。同一预警多次督办的，涉及预警、劳动者、金额只计一次，按最近一次督办时的情况。',
    '用人单位、人数和金额与督办文书一致，为发出时的情况。督办事由为发出时所处环节，注明超期的，该环节当时已过期限。',
    ...(situation.letters.length < situation.state.issued
      ? [
          `督办事项一览列出前${countText(situation.letters.length)}件，共${countText(situation.state.issued)}件，其余见冻结清单。`,
        ]
      : []),
  ],
};
