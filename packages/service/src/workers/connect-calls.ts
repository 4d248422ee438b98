import { ActionableError } from '@rodpo/errors';

/** Messages to another process and from it, none lost and in their order. */
export interface Channel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** What the other side may call, by name; what it returns goes back, as JSON has it. */
export type Handlers = Readonly<Record<string, () => unknown>>;

/** Calls to the other side of a channel. */
export interface Calls {
  /** What the other side's handler returned. @throws {Error} with the message of what it threw */
  call(name: string): Promise<unknown>;
  /** The other side is gone: what was asked of it fails. */
  lost(): void;
}

type Message =
  | { readonly rodpo: 'call'; readonly id: number; readonly name: string }
  | { readonly rodpo: 'value'; readonly id: number; readonly value: unknown }
  | { readonly rodpo: 'error'; readonly id: number; readonly message: string };

/** Both sides call each other over one channel, which others may use too. */
export function connectCalls(channel: Channel, handlers: Handlers): Calls {
  const pending = new Map<number, Waiting<unknown>>();
  let last = 0;
  const send = (message: Message) => channel.send(message);
  const answer = async (id: number, name: string) => {
    try {
      send({ rodpo: 'value', id, value: await handlers[name]?.() });
    } catch (error) {
      send({ rodpo: 'error', id, message: (error as Error).message });
    }
  };
  channel.onMessage((message) => {
    const own = message as Message | undefined;
    if (own?.rodpo === 'call') void answer(own.id, own.name);
    else if (own?.rodpo === 'value') settle(own.id)?.resolve(own.value);
    else if (own?.rodpo === 'error') settle(own.id)?.reject(new ActionableError(own.message));
  });
  const settle = (id: number) => {
    const waiting = pending.get(id);
    pending.delete(id);
    return waiting;
  };
  return {
    call: (name) =>
      new Promise((resolve, reject) => {
        last += 1;
        pending.set(last, { resolve, reject });
        send({ rodpo: 'call', id: last, name });
      }),
    lost: () => {
      for (const id of [...pending.keys()]) {
        settle(id)!.reject(new Error('The other process has ended.'));
      }
    },
  };
}

interface Waiting<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}
