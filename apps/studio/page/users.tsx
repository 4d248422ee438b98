import type { SiteUser } from '../src/site.ts';

interface UsersProps {
  readonly users: readonly SiteUser[];
  /** With nobody to begin again. */
  readonly onPick: (user?: SiteUser) => void;
}

/** People of the data, whose histories can be taken as they were. */
export function Users({ users, onPick }: UsersProps) {
  return (
    <section aria-labelledby="users-heading">
      <h2 id="users-heading">People</h2>
      <label for="user">Begin with somebody's history, up to the choice that was held out</label>
      <select id="user" onChange={(event) => onPick(users[event.currentTarget.selectedIndex - 1])}>
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
