import { shortened } from '../../domain/text/cut-text.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Contract } from '../../domain/plan/playbook/verify.js';
import { brokenInData, brokenRules } from '../../domain/contracts/frozen-rules.js';
import { drift, shapeOf, type Shape, type Shapes } from '../../domain/contracts/shape.js';
import { SERVICE } from '../../domain/watching/segment.js';
import { redactText } from '../../ledger/redaction.js';
import { secretValues, type Environment } from '../../plans/variables.js';
import { isAnswer, Questions, type Answered } from './questions.js';
import { codeOf, LoginFailed, Logins, type Session } from './logins.js';
import { targetUrl } from '../watching/targets.js';

/**
 * What a look at one contract, or at the login before them, has found. `bad`: the service itself says that it doesn't keep the contract. `none`: nothing
 * is known, such as when nobody answers or this worker's own credentials are refused; a rollback would mend neither.
 */
export interface ContractFinding {
  readonly name: string;
  readonly kind: 'good' | 'bad' | 'none';
  readonly text: string;
  readonly shape?: Shape;
  /** All that is bad lies in the data: another release would answer no better. */
  readonly inData?: true;
}

/** The contracts of playbook §3.3 with the frozen rules, asked over HTTP. One instance keeps the tokens it has logged in for, by plan. */
export class Contracts {
  readonly #logins: Logins;

  constructor(private readonly environment: Environment) {
    this.#logins = new Logins(environment);
  }

  /**
   * Asks for each contract once, all within `timeoutMs`. The first finding is the login's. Throws a MissingVariable, and when the signal comes.
   * @param baseline the shapes that must not have drifted; without it only the frozen rules count
   */
  async look(
    plan: Plan,
    planHash: string,
    how: { timeoutMs: number; signal: AbortSignal; baseline?: Shapes | undefined },
  ): Promise<ContractFinding[]> {
    const { login, get } = plan.verify.contracts;
    const base = targetUrl(plan, SERVICE, this.environment);
    const secrets = secretValues(plan, this.environment);
    const questions = new Questions(how.timeoutMs, how.signal);
    const session = this.#logins.session(plan, planHash, base, questions);
    try {
      await session.token();
      const findings = await Promise.all(
        get.map((contract) => this.#lookAt(contract, base, questions, session, how.baseline)),
      );
      return [{ name: 'login', kind: 'good' as const, text: `${login.path}: 200` }, ...findings].map((finding) => ({
        ...finding,
        text: redactText(finding.text, secrets),
      }));
    } catch (error) {
      if (!(error instanceof LoginFailed)) throw error;
      const first = { name: 'login', kind: error.kind, text: redactText(error.message, secrets) };
      return [
        first,
        ...get.map(({ path }) => ({ name: path, kind: 'none' as const, text: 'not asked: there is no login' })),
      ];
    }
  }

  async #lookAt(
    contract: Contract,
    base: string,
    questions: Questions,
    session: Session,
    baseline: Shapes | undefined,
  ): Promise<ContractFinding> {
    const { path } = contract;
    const finding = (kind: ContractFinding['kind'], text: string, shape?: Shape) => ({
      name: path,
      kind,
      text: `${path}: ${text}`,
      ...(shape && { shape }),
    });
    const askWith = (token: string) => questions.ask(base + path, { headers: { authorization: `Bearer ${token}` } });
    const token = await session.token();
    let answer = await askWith(token);
    if (isAnswer(answer) && answer.status === 401 && !session.isFresh(token)) {
      const renewed = await session.renewed(token).catch((error: unknown) => {
        if (error instanceof LoginFailed) return error;
        throw error;
      });
      if (renewed instanceof LoginFailed) return finding(renewed.kind, `its token was refused, and ${renewed.message}`);
      answer = await askWith(renewed);
    }
    if (!isAnswer(answer)) return finding('none', answer.none);
    if (answer.status === 401)
      return finding('bad', `a token that was issued just now was refused: 401${codeOf(answer.body)}`);
    if (answer.status !== 200) return finding('bad', `${answer.status}${codeOf(answer.body)}`);
    return this.#judge(contract, answer, baseline, finding);
  }

  #judge(
    contract: Contract,
    { body }: Answered,
    baseline: Shapes | undefined,
    finding: (kind: 'good' | 'bad', text: string, shape?: Shape) => ContractFinding,
  ): ContractFinding {
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch {
      return finding('bad', '200, but the answer is not JSON');
    }
    const shape = shapeOf(json);
    const before = baseline && Object.hasOwn(baseline, contract.path) ? baseline[contract.path] : undefined;
    const faults = [...brokenRules(contract, json), ...(before ? drift(before, shape) : [])];
    if (faults.length === 0) return finding('good', '200', shape);
    const inData = brokenInData(contract, json);
    return {
      ...finding('bad', listed(faults), shape),
      ...(faults.every((each) => inData.includes(each)) ? { inData: true } : {}),
    };
  }
}

const SHOWN = 5;
const listed = (faults: readonly string[]): string =>
  shortened(
    [...faults.slice(0, SHOWN), ...(faults.length > SHOWN ? [`${faults.length - SHOWN} more`] : [])].join('; '),
    500,
  );
