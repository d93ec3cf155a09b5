"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.organizations import activation, changes, members, staff_changes, tree

urlpatterns: list[URLPattern] = [
    path("", tree.home, name="home"),
    path("staff/<str:number>", members.member, name="member"),
    path("staff/<str:number>/appoint", staff_changes.appoint, name="appoint"),
    path("staff/<str:number>/retire/<str:role>", staff_changes.retire, name="retire"),
    path("staff/<str:number>/suspend", staff_changes.suspend, name="suspend"),
    path("staff/<str:number>/reinstate", staff_changes.reinstate, name="reinstate"),
    path("staff/<str:number>/leave", staff_changes.leave, name="leave"),
    path("staff/<str:number>/code/first", activation.first, name="code-first"),
    path("staff/<str:number>/code/second", activation.second, name="code-second"),
    path("<str:code>", tree.organization, name="organization"),
    path("<str:code>/add", changes.add, name="add"),
    path("<str:code>/rename", changes.rename, name="rename"),
    path("<str:code>/move", changes.move, name="move"),
    path("<str:code>/close", changes.close, name="close"),
    path("<str:code>/staff/add", staff_changes.add, name="staff-add"),
]
