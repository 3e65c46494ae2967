// node room.js PORT: a bare room server as people write it with `ws` (see room.c for what it does).
"use strict";
const { WebSocketServer } = require("ws");

const rooms = new Map();

// No compression: the others do not compress, and the benchmark's client does not offer it.
const options = { host: "127.0.0.1", port: Number(process.argv[2]), backlog: 4096, perMessageDeflate: false };
const server = new WebSocketServer(options, () => console.log("listening"));

server.on("connection", (socket, request) => {
  let members = rooms.get(request.url);
  if (!members) rooms.set(request.url, (members = new Set()));
  members.add(socket);
  socket.on("message", (data, isBinary) => {
    for (const member of members) member.send(data, { binary: isBinary });
  });
  socket.on("error", () => {});
  socket.on("close", () => members.delete(socket));
});
