import { closeWorkshops } from './workshops.js';

/** Jest's own process runs a test file itself when there is just one: what it has opened is closed when all is done. */
export default closeWorkshops;
