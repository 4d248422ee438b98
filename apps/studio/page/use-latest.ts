import { useEffect, useState } from 'preact/hooks';
import { messageOf } from './message-of.ts';

export interface Latest<Value> {
  /** Of the last question that was answered. */
  readonly value: Value;
  /** What went wrong, for people. */
  readonly failure: string | undefined;
}

/**
 * What is asked anew whenever one of `inputs` is another. An answer that comes after the next question is too late.
 *
 * @param first what stands there until something is answered
 */
export function useLatest<Value>(
  ask: () => Promise<Value>,
  inputs: readonly unknown[],
  first: Value,
): Latest<Value> {
  const [value, setValue] = useState(first);
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    let isAsked = true;
    ask().then(
      (answer) => isAsked && setValue(() => answer),
      (error: unknown) => isAsked && setFailure(messageOf(error)),
    );
    return () => {
      isAsked = false;
    };
  }, inputs);
  return { value, failure };
}
