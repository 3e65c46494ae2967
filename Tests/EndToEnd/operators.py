"""What operators do over HTTP: reading sessions, attendance and counters, telling and erasing what is kept of people."""
import http.client
import json
import urllib.parse

PATIENCE_SECONDS = 60


class Answer:
    """A response: `status`, `body` as bytes, `text`, `json`, and its fields by name."""

    def __init__(self, response):
        self.status = response.status
        self.body = response.read()
        self.fields = {name.lower(): value for name, value in response.getheaders()}

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        assert self.fields["content-type"] == "application/json", self.fields
        return json.loads(self.body)


class Operator:
    """Asks a server with an admin's ticket, or without one."""

    def __init__(self, server, tickets=None, address=None):
        self.server = server
        self.address = address
        self.fields = {}
        if tickets:
            self.fields["Authorization"] = "Bearer " + tickets.make("*", "ops", "admin", name="Ops")

    def ask(self, method, path, fields=None):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.address or self.server.address, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, headers=self.fields | (fields or {}))
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path):
        """Reads something that is there."""
        answer = self.ask("GET", path)
        assert answer.status == 200, (path, answer.status, answer.text)
        return answer

    def delete(self, path):
        """Erases something that is there; answers the report."""
        answer = self.ask("DELETE", path)
        assert answer.status == 200, (path, answer.status, answer.text)
        assert answer.json["done"] is True
        return answer.json


def metric(address, name, label=""):
    """The value of a metric at the operators' listener: of all series together whose labels hold `"label"`."""
    page = Operator(None, address=address).get("/metrics").text
    values = [
        float(line.rpartition(" ")[2]) for line in page.splitlines()
        if line.split("{")[0].split(" ")[0] == name and (not label or f'"{label}"' in line)
    ]
    assert values, f"there is no metric {name} of {label}"
    return sum(values)


def person_path(person):
    """Where a person is told of and erased, with all that can be spelled out spelled out."""
    return "/v1/people/" + urllib.parse.quote(person, safe="")
