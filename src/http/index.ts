export { type App, createApp, type HttpDeps } from './app.ts'
export type { Rooms } from './handlers.ts'
export { type Certificate, closeListener, createListener, serveApp } from './listener.ts'
export { LIMIT_CLASSES, type Limit, type Limits, USUAL_LIMITS } from './rate-limit.ts'
