/**
 * The back button may bring a page out of the browser's memory as it was left, for whoever sits there now:
 * what stood on it goes at once, and the page begins anew (R08).
 */
export function forgetOnReturn(): void {
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    document.getElementById('app')?.replaceChildren()
    location.reload()
  })
}
