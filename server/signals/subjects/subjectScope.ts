import type { FastifyRequest } from 'fastify';
import { isUpper } from '../../../common/divisions.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Regions } from '../../region/region.ts';
import type { Subjects } from './subjects.ts';

/** What the reads of subjects are made from. */
export interface SubjectReadParts {
  regions: Regions;
  of: (region: string) => Subjects | undefined;
  /** Whether a stored version of the region's rules knows an indicator. */
  knows: (region: string, indicator: string) => boolean;
  now: () => number;
}

/** What is watched in a region that counts its own. @throws HttpProblem 404, and 400 for a city or province: naming `region` */
export function subjectsIn(
  { regions, of }: SubjectReadParts,
  region: string,
): { pack: RegionPack; subjects: Subjects } {
  const found = regions.of(region);
  if (found && isUpper(found.pack))
    throw new HttpProblem(
      400,
      'Too large a region',
      `${region} is the sum of other regions: ask with the code of the one it is about`,
      'region',
    );
  const subjects = of(region);
  if (!found || !subjects)
    throw new HttpProblem(404, 'Unknown region', `nothing is watched in region ${region} here`, 'region');
  return { pack: found.pack, subjects };
}

/**
 * Of which town somebody is told; undefined: of the whole region.
 * @param asked the region or a town of it; where it is not given, what the asker may see
 * @throws HttpProblem 400 for another division, 403 for one out of the asker's scope, both naming `scope`
 */
export function townAsked(request: FastifyRequest, pack: RegionPack, asked: string | undefined): string | undefined {
  const own = request.mayRead(pack.code) ? pack.code : request.principal!.scope;
  const scope = asked ?? own;
  if (scope !== pack.code && !pack.towns.some(({ code }) => code === scope))
    throw new HttpProblem(
      400,
      'Parameter is not valid',
      `scope ${scope} is neither region ${pack.code} nor a town of it`,
      'scope',
    );
  if (!request.mayRead(scope))
    throw new HttpProblem(403, 'Not allowed', `the scope of this token is ${own}, not ${scope}`, 'scope');
  return scope === pack.code ? undefined : scope;
}

/** Whether somebody may read of a subject: of its town or, where nobody has said one, of the whole region. */
export function maySee(request: FastifyRequest, region: string, town: string | undefined): boolean {
  return request.mayRead(town ?? region);
}
