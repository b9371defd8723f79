// Shows pushed service messages and says that it did. A site's service worker has one line for it:
//   importScripts("https://outage.example.com/inapp/sw.js");
// What is not ours is left to the site's own code.
(() => {
  "use strict";
  const HOME = "__HOME__";
  const tell = (token, what) =>
    fetch(`${HOME}/inapp/push/${encodeURIComponent(token)}/${what}`, { method: "POST", mode: "no-cors", keepalive: true }).catch(() => {});

  function ours(event) {
    try {
      const told = event.data.json();
      return told.web_push === 8030 && told.notification?.data?.token ? told.notification : null;
    } catch {
      return null;
    }
  }

  self.addEventListener("push", (event) => {
    const { title, body, tag, silent, data } = ours(event) ?? {};
    if (!data) return;
    event.stopImmediatePropagation();
    const shown = self.registration.showNotification(title, { body, tag, silent, renotify: !silent, data: { outage: data } });
    event.waitUntil(shown.then(() => tell(data.token, "shown")));
  });

  self.addEventListener("notificationclick", (event) => {
    const data = event.notification.data?.outage;
    if (!data) return;
    event.stopImmediatePropagation();
    event.notification.close();
    event.waitUntil(Promise.all([tell(data.token, "opened"), self.clients.openWindow(data.navigate)]));
  });
})();
