import type { FastifyRequest } from 'fastify';
import type { SubjectFilter } from '../../../contract/subjects.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { SubjectPage, SubjectQuery, SubjectSort } from './query.ts';
import { subjectsIn, townAsked, type SubjectReadParts } from './subjectScope.ts';
import type { Subjects } from './subjects.ts';

/** Filters as they came in a URL, as the subjects are asked. @throws HttpProblem naming the parameter that is wrong */
export function subjectQuery(
  parts: SubjectReadParts,
  request: FastifyRequest,
  { region, scope, indicator, ...rest }: SubjectFilter,
  sort: SubjectSort = 'score',
): { subjects: Subjects; query: Omit<SubjectQuery, 'limit'> } {
  const { pack, subjects } = subjectsIn(parts, region);
  const town = townAsked(request, pack, scope);
  if (indicator !== undefined && !parts.knows(region, indicator))
    throw new HttpProblem(
      400,
      'Parameter is not valid',
      `no version of the rules of region ${region} knows an indicator ${indicator}`,
      'indicator',
    );
  return { subjects, query: { town, ...rest, ...(indicator === undefined ? {} : { indicator }), sort } };
}

/** @throws HttpProblem 503 while all is being loaded */
export function pageOf(subjects: Subjects, query: SubjectQuery): SubjectPage {
  const page = subjects.page(query);
  if (!page) throw new HttpProblem(503, 'Not ready', 'what is watched is still being loaded');
  return page;
}

/** Where a page ends, for a signed cursor. */
export function positionOf(sort: SubjectSort, { value, key }: NonNullable<SubjectPage['next']>): string {
  return Buffer.from(JSON.stringify([sort, value, key])).toString('base64url');
}

/** @param position as `positionOf` gave it @throws HttpProblem 400 when it was given for another order */
export function afterOf(sort: SubjectSort, position: string): NonNullable<SubjectPage['next']> {
  const [given, value, key] = JSON.parse(Buffer.from(position, 'base64url').toString()) as [
    SubjectSort,
    number,
    SubjectKey,
  ];
  if (given !== sort)
    throw new HttpProblem(
      400,
      'Parameter is not valid',
      `the cursor is of a list by ${given}, not by ${sort}`,
      'cursor',
    );
  return { value, key };
}
