import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  IdSchema,
  PeopleSchema,
  PersonAddSchema,
  PersonChangeSchema,
  PersonInvitedSchema,
  PersonSchema,
  type Person,
  type PersonInvited,
} from '../../../contract/accessAdmin.ts';
import type { PERSON_ROLES } from '../../../contract/roles.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import type { PersonRecord } from '../records.ts';
import { recordClosing } from '../trail/recordClosing.ts';
import type { AccessServices } from '../services.ts';
import { HttpProblem } from '../../platform/http/problem.ts';

/** `/api/v1/access/people`: who may sign in. For admins. */
export function peopleRoutes({ people, directory, sessions }: AccessServices): FastifyPluginAsyncTypebox {
  const view = (id: string, record: PersonRecord): Person => ({
    id,
    name: record.name,
    role: record.role as (typeof PERSON_ROLES)[number],
    scope: record.scope,
    ...(record.unit === undefined ? {} : { unit: record.unit }),
    by: record.oidc ? 'oidc' : record.password === undefined ? 'invited' : 'password',
    disabled: record.disabled ?? false,
    createdAt: toRfc3339(record.createdAt),
    createdBy: record.createdBy,
    ...(record.signedInAt === undefined ? {} : { signedInAt: toRfc3339(record.signedInAt) }),
    sessions: sessions.count(id),
    ...(record.clerk ? { clerk: record.clerk.number } : {}),
  });
  const one = (id: string): Person => {
    const record = directory.get('person', id);
    if (!record) throw new HttpProblem(404, 'Unknown person', 'there is nobody of that id', 'id');
    return view(id, record);
  };
  const invited = ({ id, code, ends }: { id: string; code: string; ends: number }): PersonInvited => ({
    person: one(id),
    invite: { code, expires: toRfc3339(ends) },
  });
  const params = Type.Object({ id: IdSchema });
  const url = '/api/v1/access/people';

  return async (app) => {
    app.get(
      url,
      {
        config: { roles: ['admin'], trail: 'none' },
        schema: {
          operationId: 'listPeople',
          summary: 'Who may sign in',
          tags: ['access'],
          response: { 200: PeopleSchema, '4xx': ProblemSchema },
        },
      },
      async () => ({
        items: directory
          .list('person')
          .map(([id, record]) => view(id, record))
          .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
      }),
    );

    app.post(
      url,
      {
        config: { roles: ['admin'], trail: 'person.add' },
        bodyLimit: 4_096,
        schema: {
          operationId: 'addPerson',
          summary: 'Invite somebody',
          tags: ['access'],
          body: PersonAddSchema,
          response: { 201: PersonInvitedSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const made = await people.add(request.body, request.principal!);
        const { name, ...grant } = request.body;
        await request.trail('person.add', name, grant);
        return reply.code(201).header('cache-control', 'no-store').send(invited(made));
      },
    );

    app.post(
      `${url}/:id/invite`,
      {
        config: { roles: ['admin'], trail: 'invite.make' },
        schema: {
          operationId: 'invitePerson',
          summary: 'Invite somebody anew, for instance because the password is forgotten',
          tags: ['access'],
          params,
          response: { 201: PersonInvitedSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const made = await people.invite(request.params.id, request.principal!);
        await request.trail('invite.make', one(made.id).name);
        return reply.code(201).header('cache-control', 'no-store').send(invited(made));
      },
    );

    app.patch(
      `${url}/:id`,
      {
        config: { roles: ['admin'], trail: 'person.change' },
        bodyLimit: 4_096,
        schema: {
          operationId: 'changePerson',
          summary: 'Change what somebody is called or may do',
          tags: ['access'],
          params,
          body: PersonChangeSchema,
          response: { 200: PersonSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        const before = one(id);
        const dropped = await people.change(id, request.body, request.principal!);
        await request.trail('person.change', before.name, request.body);
        await recordClosing(request, dropped);
        return one(id);
      },
    );

    app.delete(
      `${url}/:id`,
      {
        config: { roles: ['admin'], trail: 'person.remove' },
        schema: {
          operationId: 'removePerson',
          summary: 'Let somebody in no more',
          tags: ['access'],
          params,
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { name } = one(request.params.id);
        await people.remove(request.params.id, request.principal!);
        await request.trail('person.remove', name);
        return reply.code(204).send(null);
      },
    );

    app.delete(
      `${url}/:id/sessions`,
      {
        config: { roles: ['admin'], trail: 'person.signOut' },
        schema: {
          operationId: 'signOutPerson',
          summary: 'Sign somebody out everywhere',
          tags: ['access'],
          params,
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { name } = one(request.params.id);
        await people.signOut(request.params.id, request.principal!);
        await request.trail('person.signOut', name);
        return reply.code(204).send(null);
      },
    );
  };
}
