import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CODE_NAMES, NAME_LANGS, type NameLang } from '../../../common/codeNames.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { codes } from '../../../contract/fields.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { READERS } from '../../../contract/roles.ts';
import { SUBJECT_SORTS, SubjectFilterSchema } from '../../../contract/subjects.ts';
import { csvOf } from '../../views/export/csv.ts';
import type { Column } from '../../views/export/exportColumns.ts';
import type { SubjectItem, SubjectQuery } from './query.ts';
import { pageOf, subjectQuery } from './subjectQuery.ts';
import { subjectsIn, type SubjectReadParts } from './subjectScope.ts';
import type { Subjects } from './subjects.ts';

/** Rows between which others are answered. */
const ROWS = 2_000;

/** `GET /api/v1/subjects.csv`: all that match the filters of the list, for whom exports of alerts are (signals §5). */
export function subjectsExportRoute(parts: SubjectReadParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/subjects.csv',
      {
        config: { roles: READERS, scope: 'region-query', trail: 'subjects.export' },
        schema: {
          operationId: 'exportSubjectsCsv',
          summary: 'All employers and projects that match, as a CSV file, streamed',
          tags: ['subjects'],
          querystring: Type.Object(
            {
              ...SubjectFilterSchema.properties,
              sort: Type.Optional(codes(SUBJECT_SORTS)),
              lang: Type.Optional(codes(NAME_LANGS)),
            },
            { additionalProperties: false },
          ),
          produces: ['text/csv'],
          response: { 200: { type: 'string', format: 'binary' }, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request, reply) => {
        const { sort, lang = 'zh-CN', ...filter } = request.query;
        const { subjects, query } = subjectQuery(parts, request, filter, sort);
        const { region, scope, ...rest } = filter;
        // Asked once before the first byte: while all is being loaded, that is still a problem answer.
        const { total } = pageOf(subjects, { ...query, limit: 1 });
        await request.trail('subjects.export', scope ?? query.town ?? region, { file: 'csv', rows: total, ...rest });
        const stamp = toRfc3339(parts.now()).slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
        const { pack } = subjectsIn(parts, region);
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="wagewatch-subjects-${stamp}.csv"`)
          .serializer((payload: unknown) => payload as string)
          .send(
            Readable.from(csvOf(columnsOf(pack, lang), batchesOf(subjects, query)), { objectMode: false }) as never,
          );
      },
    );
  };
}

/** Page after page; what changes meanwhile counts where it is still to come. */
async function* batchesOf(
  subjects: Subjects,
  query: Omit<SubjectQuery, 'limit' | 'after'>,
): AsyncGenerator<SubjectItem[]> {
  for (let after: SubjectQuery['after']; ;) {
    const { items, next } = pageOf(subjects, { ...query, after, limit: ROWS });
    yield items;
    if (next === undefined) return;
    after = next;
    await breathe();
  }
}

const HEADINGS: Record<NameLang, readonly string[]> = {
  'zh-CN': [
    '编号',
    '类型',
    '名称',
    '总承包单位',
    '镇街',
    '行业',
    '已登记',
    '得分',
    '预警等级',
    '规则',
    '关注名单',
    '涉及人数',
    '涉及金额（元）',
    '欠薪月数',
    '有分来源',
    '最近变化',
    '经度',
    '纬度',
  ],
  en: [
    'Key',
    'Kind',
    'Name',
    'General contractor',
    'Town',
    'Industry',
    'Registered',
    'Score',
    'Tier',
    'Rule',
    'Watch list',
    'Workers',
    'Amount (yuan)',
    'Unpaid months',
    'Channels with points',
    'Last change',
    'Longitude',
    'Latitude',
  ],
};

/** Money in yuan with two decimals, times in the region's. */
function columnsOf(pack: RegionPack, lang: NameLang): Column<SubjectItem>[] {
  const names = CODE_NAMES[lang];
  const towns = new Map(pack.towns.map(({ code, name }) => [code, name[lang]]));
  const [yes, no] = lang === 'zh-CN' ? ['是', '否'] : ['yes', 'no'];
  const kinds =
    lang === 'zh-CN' ? { enterprise: '企业', project: '工程项目' } : { enterprise: 'employer', project: 'project' };
  const values: Column<SubjectItem>['value'][] = [
    ({ key }) => key.slice(2),
    ({ kind }) => kinds[kind],
    ({ name }) => name,
    ({ contractor }) => contractor,
    ({ town }) => (town === undefined ? undefined : (towns.get(town) ?? town)),
    ({ industry }) => industry && names.industries[industry],
    ({ registered }) => (registered ? yes : no),
    ({ score }) => score,
    ({ tier }) => tier && names.tiers[tier],
    ({ rule }) => rule,
    ({ watch }) => (watch ? yes : no),
    ({ workers }) => workers,
    ({ amountFen }) => amountFen / 100,
    ({ months }) => months,
    ({ channels }) => channels.map(([code]) => names.channels[code]).join('; '),
    ({ changedAt }) => (changedAt > 0 ? { at: changedAt } : undefined),
    ({ location }) => location?.lng,
    ({ location }) => location?.lat,
  ];
  return values.map((value, i) => ({ heading: HEADINGS[lang][i]!, width: 12, value }));
}
