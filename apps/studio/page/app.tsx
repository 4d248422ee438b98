import { useEffect, useState } from 'preact/hooks';
import { messageOf } from './message-of.ts';
import { type OpenSite, openSite } from './open-site.ts';
import { Studio } from './studio.tsx';

/** What is loaded, what went wrong, or the studio itself. */
export function App() {
  const [opened, setOpened] = useState<OpenSite>();
  const [state, setState] = useState('Loading…');
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    openSite(setState).then(setOpened, (error: unknown) => setFailure(messageOf(error)));
  }, []);
  return (
    <>
      <header>
        <h1>RoDPO studio</h1>
        <p>Choose products, and see what the model recommends next. Nothing leaves this browser.</p>
      </header>
      <main>
        {failure !== undefined && (
          <p class="failure" role="alert">
            {failure}
          </p>
        )}
        {failure === undefined && !opened && <p role="status">{state}</p>}
        {opened && <Studio opened={opened} />}
      </main>
    </>
  );
}
