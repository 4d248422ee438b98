/** What needs something else that is open already: if it cannot be opened, that is freed. */
export async function orFree<Next>(
  held: { dispose(): Promise<void> },
  open: () => Promise<Next>,
): Promise<Next> {
  try {
    return await open();
  } catch (error) {
    await held.dispose();
    throw error;
  }
}
