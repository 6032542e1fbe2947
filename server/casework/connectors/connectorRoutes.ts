import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  ConnectorPlatform,
  ConnectorSchema,
  ConnectorSetSchema,
  ConnectorSettingSchema,
  ConnectorsSchema,
  ConnectorTestRequestSchema,
  ConnectorTestSchema,
  type Connector,
  type ConnectorGiven,
  type ConnectorSetting,
} from '../../../contract/connectors.ts';
import { MAX_STRING } from '../../../contract/events.ts';
import { RegionCode } from '../../../contract/fields.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { MESSAGE_PLATFORM } from '../../../common/messages/constants.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { recordedName } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { connectorsOf, type ConnectorStore, type StoredConnector } from './connectorStore.ts';
import { outboxOf, type Couriers } from './couriers.ts';
import { messageFaults } from '../../../common/messages/settingFaults.ts';
import { urlFault } from './webhook.ts';

export interface ConnectorRouteParts {
  redis: RedisClient;
  store: ConnectorStore;
  couriers: Couriers;
  packOf: (region: string) => RegionPack | undefined;
  hosts: readonly string[];
  now: () => number;
}

/** `/api/v1/connectors`: the connectors to outside platforms, for admins (docs/casework.md §4). */
export function connectorRoutes(parts: ConnectorRouteParts): FastifyPluginAsyncTypebox {
  const { redis, store, couriers, packOf, hosts, now } = parts;
  const url = '/api/v1/connectors';
  const one = `${url}/:platform`;
  const querystring = Type.Object({ region: RegionCode }, { additionalProperties: false });
  const params = Type.Object({ platform: ConnectorPlatform });
  const told = { querystring, params, tags: ['connectors'] };

  const packIn = (region: string): RegionPack => {
    const pack = packOf(region);
    if (!pack) throw new HttpProblem(404, 'Unknown region', `region ${region} is not watched here`, 'region');
    return pack;
  };
  const mustKnow = (region: string, platform: string): void => {
    const platforms = connectorsOf(packIn(region));
    if (!platforms.includes(platform))
      throw new HttpProblem(
        404,
        'Unknown platform',
        `region ${region} dispatches to ${platforms.join(', ') || 'none'}`,
        'platform',
      );
  };
  const mustHave = async (region: string, platform: string): Promise<StoredConnector> => {
    mustKnow(region, platform);
    const found = await store.get(region, platform);
    if (!found) throw new HttpProblem(404, 'No connector', `${platform} has no connector in ${region}`, 'platform');
    return found;
  };

  /** @throws HttpProblem 409 where the file says what there is */
  const mayChange = (connector: StoredConnector | undefined): void => {
    if (connector?.fixed)
      throw new HttpProblem(
        409,
        'Set by a file',
        'this connector is set by CONNECTORS_FILE: change it there',
        'platform',
      );
  };

  /** @throws HttpProblem 422 */
  const checked = (platform: string, given: ConnectorGiven): { setting: ConnectorSetting; key?: string } => {
    if ((given.kind === 'message') !== (platform === MESSAGE_PLATFORM))
      throw new HttpProblem(422, 'Another kind', `${platform} is not connected by ${given.kind}`, 'kind');
    const fault = given.kind === 'file' ? undefined : urlFault(given.url, hosts);
    if (fault !== undefined) throw new HttpProblem(422, 'Address is not allowed', `url ${fault}`, 'url');
    if (given.kind !== 'message') return { setting: given };
    const { key, ...setting } = given;
    const [first, ...more] = messageFaults(setting);
    if (first) {
      const others = more.length ? ` (and ${more.length} more)` : '';
      throw new HttpProblem(422, 'Not a message', `${first.path} ${first.problem}${others}`, first.path);
    }
    return { setting, ...(key === undefined ? {} : { key }) };
  };

  return async (app) => {
    app.get(
      url,
      {
        config: { roles: ['admin'], scope: 'region-query', trail: 'none' },
        schema: {
          operationId: 'listConnectors',
          summary: 'The platforms of a region, how they are connected, what waits for them and what failed',
          tags: ['connectors'],
          querystring,
          response: { 200: ConnectorsSchema, '4xx': ProblemSchema },
        },
      },
      async ({ query: { region } }) => {
        const items = connectorsOf(packIn(region)).map(async (platform) => {
          const found = await store.get(region, platform);
          return found ? couriers.standing(found) : none(region, platform);
        });
        return { items: await Promise.all(items) };
      },
    );

    app.put(
      one,
      {
        config: { roles: ['admin'], scope: 'region-query', trail: 'connector.set' },
        schema: {
          operationId: 'setConnector',
          summary: 'Connect a platform, or switch its connector on again',
          description:
            'A webhook gets a secret when it has none; it is told once. Events are sent from now on. Hosts are those of CONNECTOR_HOSTS.',
          ...told,
          body: ConnectorSettingSchema,
          response: { 200: ConnectorSetSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { region } = request.query;
        const { platform } = request.params;
        mustKnow(region, platform);
        const { setting, key } = checked(platform, request.body);
        const before = await store.get(region, platform);
        mayChange(before);
        // Another gateway must not get the key of this one.
        const elsewhere =
          before?.setting.kind === 'message' && setting.kind === 'message' && before.setting.url !== setting.url;
        await request.trail('connector.set', `${region} ${platform}`, {
          ...setting,
          ...(key === undefined ? {} : { key: 'new' }),
        });
        const since = before?.since ?? now();
        const by = recordedName(request.principal!);
        const connector = { region, platform, setting, since, by, mendedAt: now() };
        const needsSecret = setting.kind !== 'file' && !(await store.secrets(region, platform));
        const secret = needsSecret ? await store.newSecret(region, platform, now()) : undefined;
        // In this order neither gateway gets the key of the other.
        if (elsewhere) await store.putKey(region, platform, undefined);
        if (key !== undefined && !elsewhere) await store.putKey(region, platform, key);
        await store.set(connector);
        if (key !== undefined && elsewhere) await store.putKey(region, platform, key);
        await couriers.look();
        return { connector: await couriers.standing(connector), ...(secret === undefined ? {} : { secret }) };
      },
    );

    app.delete(
      one,
      {
        config: { roles: ['admin'], scope: 'region-query', trail: 'connector.remove' },
        schema: {
          operationId: 'removeConnector',
          summary: 'People work there: nothing is sent any more, and what waits is dropped',
          ...told,
          response: { 200: ConnectorSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { region } = request.query;
        const { platform } = request.params;
        mayChange(await mustHave(region, platform));
        await request.trail('connector.remove', `${region} ${platform}`, {});
        await store.remove(region, platform);
        await couriers.look();
        return none(region, platform);
      },
    );

    app.post(
      `${one}/secret`,
      {
        config: { roles: ['admin'], scope: 'region-query', trail: 'connector.secret' },
        schema: {
          operationId: 'changeConnectorSecret',
          summary: 'A new secret, told once; the one before signs, too, for a day',
          ...told,
          response: { 200: ConnectorSetSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { region } = request.query;
        const { platform } = request.params;
        const connector = await mustHave(region, platform);
        mayChange(connector);
        if (connector.setting.kind === 'file')
          throw new HttpProblem(422, 'No secret', 'files are not signed', 'platform');
        await request.trail('connector.secret', `${region} ${platform}`, {});
        const secret = await store.newSecret(region, platform, now());
        const mended = { ...connector, mendedAt: now() };
        // Where it has been switched off or set meanwhile, that holds.
        await store.replace(connector, mended);
        await couriers.look();
        return { connector: await couriers.standing(mended), secret };
      },
    );

    app.post(
      `${one}/test`,
      {
        config: { roles: ['admin'], scope: 'region-query', trail: 'connector.test' },
        schema: {
          operationId: 'testConnector',
          summary: 'Send an event of no alert the very way that the others go',
          description: 'Messages are tested with a number, `to`.',
          ...told,
          body: ConnectorTestRequestSchema,
          response: { 200: ConnectorTestSchema, '4xx': ProblemSchema },
        },
        // Only messages are tested with a body.
        preValidation: (request, _reply, done) => {
          request.body ??= {};
          done();
        },
      },
      async (request) => {
        const { region } = request.query;
        const { platform } = request.params;
        const connector = await mustHave(region, platform);
        const { to } = request.body;
        if (connector.setting.kind === 'message' && to === undefined)
          throw new HttpProblem(422, 'To whom', 'a message is tested with a number to send it to', 'to');
        await request.trail('connector.test', `${region} ${platform}`, {});
        return couriers.test(connector, to);
      },
    );

    app.post(
      `${one}/resend`,
      {
        config: { roles: ['admin'], scope: 'region-query', trail: 'connector.resend' },
        schema: {
          operationId: 'resendFailed',
          summary: 'Send what has failed again: all of it, or of one alert',
          ...told,
          body: Type.Object(
            { alertId: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_STRING })) },
            { additionalProperties: false },
          ),
          response: { 200: Type.Object({ resent: Type.Integer() }), '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { region } = request.query;
        const { platform } = request.params;
        await mustHave(region, platform);
        const { alertId } = request.body;
        await request.trail('connector.resend', `${region} ${platform}`, alertId === undefined ? {} : { alertId });
        return { resent: await outboxOf(redis, region, platform).again(alertId) };
      },
    );
  };
}

function none(region: string, platform: string): Connector {
  return { region, platform, kind: 'none', on: false, waiting: 0, failed: 0, failures: [] };
}
