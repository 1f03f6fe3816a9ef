// What the device keeps for when the network is gone: the list of each door, scans that wait to be sent, and answers
// that somebody must look at. No addresses, no needs. Wiped when the event is over and at sign-out (leaving.js).
const NAME = "convenor-check-in";
const VERSION = 1;
export const WAITING = "check-in-waiting";
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const { result } = request;
      result.createObjectStore("doors", { keyPath: "roll" });
      result.createObjectStore("queue", { keyPath: "uid" });
      result.createObjectStore("troubles", { keyPath: "uid" });
    };
    request.onsuccess = () => {
      // Another tab that signs out deletes the whole: don't stand in its way.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(name, mode, work) {
  const transaction = (await open()).transaction(name, mode);
  const answer = work(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(answer?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const put = (name, value) => within(name, "readwrite", (rows) => rows.put(value));
export const get = (name, key) => within(name, "readonly", (rows) => rows.get(key));
export const all = (name) => within(name, "readonly", (rows) => rows.getAll());

export function drop(name, keys) {
  return within(name, "readwrite", (rows) => {
    for (const key of keys) rows.delete(key);
  });
}

/** Takes what is over, or another user's list, from the device; what waits to be sent stays until its time is up. */
export async function tidy(user, now) {
  for (const door of await all("doors")) if (door.user !== user || Date.parse(door.until) < now) await drop("doors", [door.roll]);
  for (const name of ["queue", "troubles"]) {
    const over = (await all(name)).filter((each) => Date.parse(each.until) < now);
    await drop(name, over.map((each) => each.uid));
  }
}
