import type { OpenSource } from './frameSource.ts';
import { browserTimers, openSocketIo } from './socketIo.ts';
import { WallSession } from './wallSession.ts';

/** The figures of now, pushed by the server (contract §5). */
export const openLive: OpenSource = (watch, listener) => new WallSession(openSocketIo, watch, browserTimers, listener);
