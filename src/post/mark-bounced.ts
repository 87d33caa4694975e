import type { Schema, Transaction } from '#store'

/**
 * Somebody behind the relay gave a mail back: whoever it was for did not get it. The digits are a stranger's
 * word, in the form that `readDeliveryReport` lets through.
 */
export async function markBounced(
  tx: Transaction<Schema>,
  { mail, answer }: { readonly mail: number; readonly answer: string },
  now: number,
): Promise<void> {
  await tx
    .updateTable('post.delivery')
    .set({ state: 'bounced', answer, at: new Date(now) })
    .where('mail', '=', mail)
    .execute()
}
