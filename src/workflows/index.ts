export { controlledGoLive } from './controlled-go-live.js';
