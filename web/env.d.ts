/// <reference types="vite/client" />
/** Build id of this page, set by vite.config.ts; beats carry the server's. */
declare const __BUILD_ID__: string;
