import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  DisplaySchema,
  PairingSchema,
  PairingStateSchema,
  PairingWaitingSchema,
  PairSchema,
  type Pairing,
  type PairingState,
} from '../../../contract/accessAdmin.ts';
import { PAIRING_HEADER, PAIRING_LENGTH, PAIRING_LETTERS } from '../../../contract/accessLimits.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { DISPLAY_TOKEN_MS } from './displayTokens.ts';
import { PAIRING_MS } from './pairings.ts';
import type { AccessServices } from '../services.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { keepSession } from '../sessions/cookies.ts';

/** `/api/v1/access/pairings`: how a screen gets in where nobody can type. */
export function pairingRoutes({ pairings }: AccessServices): FastifyPluginAsyncTypebox {
  const url = '/api/v1/access/pairings';
  const params = Type.Object({
    code: Type.String({ pattern: `^[${PAIRING_LETTERS}${PAIRING_LETTERS.toLowerCase()}]{${PAIRING_LENGTH}}$` }),
  });
  return async (app) => {
    app.post(
      url,
      {
        config: { roles: ['public'] },
        bodyLimit: 1_024,
        schema: {
          operationId: 'beginPairing',
          summary: 'A code for a new screen to show',
          tags: ['access'],
          response: { 201: PairingSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { code, secret, ends } = await pairings.begin(request.sender, request.headers['user-agent'] ?? '');
        return reply
          .code(201)
          .header('cache-control', 'no-store')
          .send({ code, secret, expires: toRfc3339(ends), lastsMs: PAIRING_MS } satisfies Pairing);
      },
    );

    app.get(
      `${url}/mine`,
      {
        config: { roles: ['public'] },
        schema: {
          operationId: 'getMyPairing',
          summary: 'Whether this screen is in',
          tags: ['access'],
          response: { 200: PairingStateSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply): Promise<PairingState> => {
        const secret = request.headers[PAIRING_HEADER];
        if (typeof secret !== 'string' || !/^[A-Z]{6}\.[\w-]{20,60}$/.test(secret))
          throw new HttpProblem(
            400,
            'No secret',
            `send the secret of the pairing in the header ${PAIRING_HEADER}`,
            PAIRING_HEADER,
          );
        void reply.header('cache-control', 'no-store');
        const claimed = await pairings.claim(secret, request.sender);
        if (!claimed) return { state: 'pending' };
        keepSession(request, reply, claimed.token, DISPLAY_TOKEN_MS);
        return { state: 'paired', show: claimed.show };
      },
    );

    app.get(
      `${url}/:code`,
      {
        config: { roles: ['admin'], trail: 'none' },
        schema: {
          operationId: 'getPairing',
          summary: 'The screen that waits under a code',
          tags: ['access'],
          params,
          response: { 200: PairingWaitingSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => pairings.waiting(request.params.code.toUpperCase()),
    );

    app.post(
      `${url}/:code`,
      {
        config: { roles: ['admin'], trail: 'display.pair' },
        bodyLimit: 8_192,
        schema: {
          operationId: 'pairDisplay',
          summary: 'Let the screen in that shows this code',
          tags: ['access'],
          params,
          body: PairSchema,
          response: { 201: DisplaySchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const display = await pairings.pair(request.params.code.toUpperCase(), request.body, request.principal!);
        await request.trail('display.pair', display.name, { scope: display.scope, screen: display.screen });
        return reply.code(201).send(display);
      },
    );
  };
}
