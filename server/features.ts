import { regionOfCode } from '../common/divisions.ts';
import type { Persona } from '../contract/personas.ts';
import { createUnitFinder } from '../common/units.ts';
import { accessFeature } from './access/accessFeature.ts';
import { otherAdmin } from './access/otherAdmin.ts';
import { personasOf } from './access/personas/personasOf.ts';
import { createStaff } from './access/staff.ts';
import { firstLinkFeature } from './access/firstLinkFeature.ts';
import { connectorsFeature } from './casework/connectors/connectorsFeature.ts';
import { briefingFeature } from './briefing/briefingFeature.ts';
import { demoFeature } from './demoFeature.ts';
import { calendarFeature } from './calendar/calendarFeature.ts';
import { clockFeature } from './casework/clock/clockFeature.ts';
import type { Feature, Platform } from './feature.ts';
import { healthFeature } from './healthFeature.ts';
import { createCasePort } from './casework/casePort.ts';
import { oversightFeature } from './casework/oversight/oversightFeature.ts';
import { caseworkFeature } from './casework/caseworkFeature.ts';
import { certificateFeature, httpFeature } from './httpFeature.ts';
import { createMask } from './privacy/mask.ts';
import { pushFeature } from './push/pushFeature.ts';
import type { RegionPacks } from './region/packs.ts';
import { regionsFeature } from './situation/regionsFeature.ts';
import { rulesFeature } from './signals/packs/rulesFeature.ts';
import { signalsFeature } from './signals/signalsFeature.ts';
import { accountsOf, keptAccounts } from './signals/subjects/accounts.ts';
import { cluesBehind, subjectsFeature } from './signals/subjectsFeature.ts';
import { siteFeature } from './site/siteFeature.ts';
import { countingFeature } from './streams/counting/countingFeature.ts';
import { intakeFeature } from './streams/intake/intakeFeature.ts';
import { replayFeature } from './replay/replayFeature.ts';
import { reportsFeature } from './reports/reportsFeature.ts';
import { createStreamMetrics } from './streams/metrics.ts';
import { viewsFeature } from './views/viewsFeature.ts';

/**
 * The features of the program, in the order in which they start. Each gets the ports of others that it needs; what it may
 * do is for the roles of the process (`ROLES`) to say. They stop in the reverse order: nobody is let in any more before
 * figures stop, and counting stops after the last checkpoint, which needs its lease.
 */
export function features(platform: Platform, packs: RegionPacks): Feature[] {
  const { config } = platform;
  const divisions = packs.list().flatMap((pack) => [pack, ...pack.towns].map(({ name }) => name['zh-CN']));
  const mask = createMask({ names: config.maskNames, least: config.minFigure, divisions, unitMeant: unitsOf(packs) });
  const telemetry = createStreamMetrics(platform.metrics);

  const calendar = calendarFeature(platform, packs);
  const counting = countingFeature(platform, packs, telemetry);
  const signals = signalsFeature(platform, packs);
  const followed = regionsFeature(platform, packs, {
    rules: calendar.rules,
    telemetry,
    token: counting.token,
    monitored: signals.subjects,
  });
  const { regions } = followed;
  const places = {
    known: (scope: string) => regions.of(scope) !== undefined,
    units: (scope: string) => packs.get(regionOfCode(scope))?.units ?? [],
  };
  const access = accessFeature(platform, places, config.demo ? personasIn(config.region, packs) : []);
  const rules = rulesFeature(platform, packs, {
    otherAdmin: (than) => otherAdmin(access.services, than),
    trial: signals.trial,
  });
  const intake = intakeFeature(platform, packs, telemetry, rules.indicators);
  const connectors = connectorsFeature(platform, packs, counting.token);
  const staff = createStaff(access.services);
  const cases = createCasePort(staff, () => access.services.access.offersPersonas());
  const views = viewsFeature(platform, {
    packs,
    regions,
    mask,
    subjects: signals.subjects,
    deliveries: connectors.deliveries,
    cases,
    // Only when somebody asks: a program without a demonstration loads nothing of it.
    demoSources: config.demo
      ? async (code) => (await import('../demo/sourceNames.ts')).demoSourceNames(code)
      : undefined,
  });
  const {
    feature: casework,
    desk,
    photos,
  } = caseworkFeature(platform, {
    regions,
    intake: intake.intake,
    staff,
    cases,
    cluesBehind: cluesBehind(platform, signals.subjects),
  });
  const clock = clockFeature(platform, packs, { regions, desk });
  const oversight = oversightFeature(platform, { regions, mask, cases });
  const watched = subjectsFeature(platform, {
    regions,
    subjects: signals.subjects,
    indicators: rules.indicators,
    mask,
    photos: (region, clues) => photos(region).photosOf(clues.map(({ id }) => id)),
  });
  const replay = replayFeature(platform, { regions, mask, token: counting.token });
  const briefing = briefingFeature(platform, {
    regions,
    mask,
    access: access.services,
    kept: replay.kept,
    accounts: keptAccounts(
      (scope, towns) => accountsOf(signals.subjects, scope, towns),
      (scope) => signals.subjects(regionOfCode(scope))?.stamp ?? '',
    ),
  });
  const push = pushFeature(platform, {
    access: access.services,
    regions,
    lag: followed.lag,
    mask,
    services: [briefing.lines],
  });
  const reports = reportsFeature(platform, {
    regions,
    kept: replay.kept,
    workdays: calendar.workdays,
    work: oversight.work,
    tell: connectors.tellReport,
    mask,
  });
  const site = siteFeature(platform, (region) => packs.list().some(({ code }) => code === region));
  const certificate = certificateFeature(platform);
  const served = [
    access,
    certificate,
    calendar,
    counting,
    followed,
    rules,
    signals,
    intake,
    connectors,
    views,
    casework,
    watched,
    push,
    replay,
    reports,
    briefing.feature,
    site,
    clock,
    oversight,
  ];
  const health = healthFeature(platform, served);
  const http = httpFeature(platform, { guard: access.services, certificate, features: [...served, health] });
  return [
    ...served,
    health,
    http,
    firstLinkFeature(platform, { access, url: http.url }),
    demoFeature(platform, { packs, access: access.services, http, rules, connectors }),
  ];
}

/** The personas of a demonstration: of the region that is shown first, or of the first district in it. */
function personasIn(region: string, packs: RegionPacks): Persona[] {
  const counted = packs.counted();
  const pack = counted.find(({ code }) => code === region) ?? counted[0];
  return pack ? personasOf(pack) : [];
}

/** Whom a text of an alert means, by the pack of its region. */
function unitsOf(packs: RegionPacks): (region: string, text: string | undefined) => string | undefined {
  const finders = new Map(packs.list().map((pack) => [pack.code, createUnitFinder(pack)]));
  return (region, text) => finders.get(region)?.(text);
}
