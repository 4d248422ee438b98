import type { SiteUser } from '../src/site.ts';
import type { Chosen } from './chosen.ts';

interface UsersProps {
  readonly users: readonly SiteUser[];
  /** With what was chosen next, which no model has seen. */
  readonly onPick: (history: readonly Chosen[], next?: string) => void;
}

/** People of the data, whose histories can be taken as they were. */
export function Users({ users, onPick }: UsersProps) {
  const pick = (place: string) => {
    const user = users[Number(place)];
    if (place === '' || !user) return onPick([]);
    onPick(
      user.history.map((id, at) => ({ id, time: user.times?.[at] })),
      user.next,
    );
  };
  return (
    <section aria-labelledby="users-heading">
      <h2 id="users-heading">People</h2>
      <label for="user">Begin with somebody's history, up to the choice that was held out</label>
      <select id="user" onChange={(event) => pick(event.currentTarget.value)}>
        <option value="">nobody: an empty history</option>
        {users.map(({ id, history }, at) => (
          <option key={id} value={at}>
            {id}, {history.length} products
          </option>
        ))}
      </select>
    </section>
  );
}
